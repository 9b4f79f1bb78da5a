/*
 * What a call asks of other processes, when this one does not know enough to do it alone. Each function makes a request
 * to a peer.
 *
 * Called by the contract (alloc.c, lock.c, map.c, query.c), without a lock and outside any reader. No state of its own;
 * what it learns goes to the registry.
 */
#ifndef SHSHARED_CLIENT_CLIENT_H
#define SHSHARED_CLIENT_CLIENT_H

#include "os/wait.h"
#include "state/owner.h"
#include "state/peer.h"

/* A block in another process. */
struct block_name {
    shs_handle handle;
    shs_pid owner;
};

/* Ask the owner where a block is, and know its segment from then on. */
shs_status shs__client_lookup(struct context *context, const struct block_name *block, const struct wait *wait);

/* Have the owner close the handle of a block that this process does not know. */
shs_status shs__client_free(struct context *context, const struct block_name *block, const struct wait *wait);

/* Have the owner export a block; the caller closes fd. And have a process make a handle for a block that was exported.
 */
struct exported {
    struct mapping mapping;
    int fd;
};
shs_status shs__client_export(struct context *context, const struct block_name *block, const struct wait *wait,
                              struct exported *exported);
shs_status shs__client_import(struct context *context, shs_pid to, const struct exported *exported,
                              const struct wait *wait, shs_handle *handle);

/* Have a peer, in this thread's turn, take a new segment for blocks from here; fd is taken over. The segment is not
 * registered yet. */
struct offer {
    struct peer *peer;
    struct geometry geometry;
    int fd;
};
shs_status shs__client_add_segment(struct context *context, const struct offer *offer, const struct wait *wait,
                                   struct segment **segment);

/* In such a turn: nothing will be allocated in a segment that the peer took. */
void shs__client_release_segment(struct context *context, struct peer *peer, uint32_t base);

/* The list of a process's blocks, as an object that shs__list_object_read() reads. */
shs_status shs__client_list(struct context *context, shs_pid owner, const struct wait *wait, int *fd,
                            uint32_t *entries);

shs_status shs__client_probe(struct context *context, shs_pid pid, const struct wait *wait);

#endif
