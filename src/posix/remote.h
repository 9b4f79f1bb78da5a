/*
 * Blocks of other processes: what a call does when this process does not know enough to do it alone.
 */
#ifndef SHSHARED_POSIX_REMOTE_H
#define SHSHARED_POSIX_REMOTE_H

#include "backend.h"
#include "deadline.h"
#include "segment.h"

struct world;

/* Ask the owner where a block is, and know its segment from then on. */
shs_status remote_find(struct world *world, shs_handle handle, shs_pid owner, deadline until);

/* Have the owner pass a block on; the caller closes fd. And have a process make a handle for a block that was passed
 * on. */
struct mapping;
shs_status remote_pass_on(struct world *world, shs_handle handle, shs_pid owner, deadline until, struct mapping *passed,
                          int *fd);
shs_status remote_map(struct world *world, shs_pid to, const struct mapping *mapping, int fd, deadline until,
                      shs_handle *handle);

/* Have a peer, which this thread has reached, take a new segment for blocks from here. */
shs_status remote_offer(struct world *world, struct peer *peer, const struct geometry *geometry, int fd, deadline until,
                        struct segment **segment);

/* Tell such a peer that nothing will be allocated in a segment that it took. */
void remote_retire(struct world *world, struct peer *peer, uint32_t base);

shs_status remote_list(struct world *world, shs_pid owner, struct shs_block_info *blocks, size_t capacity,
                       size_t *count, deadline until);
shs_status remote_probe(struct world *world, shs_pid pid, deadline until);

#endif
