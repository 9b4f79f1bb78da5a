/*
 * What a process does as the owner of blocks: it registers segments in which others, or itself, allocate, and imports
 * and exports single blocks. Called by the server for peers, and by the contract for the process itself. Takes the
 * context's lock; nothing slow is done under it.
 */
#ifndef SHSHARED_STATE_OWNER_H
#define SHSHARED_STATE_OWNER_H

#include "block/segment.h"

struct context;

/* The segment in which a handle is valid now, NULL where there is none. Under the lock. */
struct segment *shs__owner_find(struct context *context, shs_handle handle);

/* Give a new segment numbers, and its words their first state, and register it. On failure it is closed. Whoever looks
 * at it afterwards holds it: without a block it may be given up at any time. */
shs_status shs__owner_register(struct context *context, struct segment *segment);

/* A block of another segment, by the object of its data. */
struct mapping {
    uint64_t offset; /* of its first byte */
    uint64_t size;
    uint64_t room; /* bytes from the first one that are its alone */
    shs_access access;
    shs_pid giver;
};

/* Let somebody keep the memory of a block that lives here: its slot is never used again. The caller closes fd. */
shs_status shs__owner_export(struct context *context, shs_handle handle, struct mapping *exported, int *fd);

/* The same for a process of another user, that wants this access: SHS_E_ACCESS for a block that is not apart. What is
 * to be read cannot be written through fd. */
shs_status shs__owner_export_to_other(struct context *context, shs_handle handle, shs_access access,
                                      struct mapping *exported, int *fd);

/* A view of such a block, without a handle that lasts. fd is taken over. */
shs_status shs__owner_view(struct context *context, const struct mapping *mapping, int fd, void **view);

/* Make a handle for such a block. fd is taken over. */
shs_status shs__owner_import(struct context *context, const struct mapping *mapping, int fd, shs_handle *handle);

/* Retire the segment at this base, if it came by this connection. */
void shs__owner_retire(struct context *context, uint32_t base, uint64_t connection);

/* Close a handle. */
shs_status shs__owner_free(struct context *context, shs_handle handle);

#endif
