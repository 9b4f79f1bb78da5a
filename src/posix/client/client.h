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
shs_status shs__client_lookup(struct context *context, const struct block_name *block, const struct waiting *wait);

/* Have the owner close the handle of a block that this process does not know. */
shs_status shs__client_free(struct context *context, const struct block_name *block, const struct waiting *wait);

/* Have the owner export a block; the caller closes fd. And have a process make a handle for a block that was exported.
 */
struct exported {
    struct mapping mapping;
    int fd;
};
shs_status shs__client_export(struct context *context, const struct block_name *block, shs_access access,
                              const struct waiting *wait, struct exported *exported);
shs_status shs__client_import(struct context *context, shs_pid to, const struct exported *exported,
                              const struct waiting *wait, shs_handle *handle);

/* Have the owner of a new segment take it, and register and pool it here. On failure it is closed. */
shs_status shs__client_add_segment(struct context *context, struct segment *segment, const struct waiting *wait);

/* The list of a process's blocks, as an object that shs__list_object_read() reads. */
shs_status shs__client_list(struct context *context, shs_pid owner, const struct waiting *wait, int *fd,
                            uint32_t *entries);

/* Have a connection to a process. */
shs_status shs__client_reach(struct context *context, shs_pid pid, const struct waiting *wait);

/* The same; where it has not attached, wait for that. SHS_E_TIMEOUT. */
shs_status shs__client_await(struct context *context, shs_pid pid, const struct waiting *wait);

/* Is it worth to wait, and was that of use? For a process that a call did not reach, with this status: SHS_OK where it
 * can be reached now. */
shs_status shs__client_await_starting(struct context *context, shs_pid pid, shs_status status,
                                      const struct waiting *wait);

/* Is it a process of another user? It is reached for that. */
shs_status shs__client_is_other(struct context *context, shs_pid pid, const struct waiting *wait, bool *other);

shs_status shs__client_probe(struct context *context, shs_pid pid, const struct waiting *wait);

#endif
