/*
 * Blocks of other processes: what a call does when this process does not know enough to do it alone.
 */
#ifndef SHSHARED_CLIENT_CLIENT_H
#define SHSHARED_CLIENT_CLIENT_H

#include "backend.h"
#include "block/segment.h"
#include "os/deadline.h"

struct context;

/* Ask the owner where a block is, and know its segment from then on. */
shs_status client_lookup(struct context *context, shs_handle handle, shs_pid owner, deadline until);

/* Have the owner pass a block on; the caller closes fd. And have a process make a handle for a block that was passed
 * on. */
struct mapping;
shs_status client_export(struct context *context, shs_handle handle, shs_pid owner, deadline until,
                         struct mapping *passed, int *fd);
shs_status client_import(struct context *context, shs_pid to, const struct mapping *mapping, int fd, deadline until,
                         shs_handle *handle);

/* Have a peer, which this thread has reached, take a new segment for blocks from here. */
shs_status client_add_segment(struct context *context, struct peer *peer, const struct geometry *geometry, int fd,
                              deadline until, struct segment **segment);

/* Tell such a peer that nothing will be allocated in a segment that it took. */
void client_release_segment(struct context *context, struct peer *peer, uint32_t base);

shs_status client_list(struct context *context, shs_pid owner, struct shs_block_info *blocks, size_t capacity,
                       size_t *count, deadline until);
shs_status client_probe(struct context *context, shs_pid pid, deadline until);

#endif
