/*
 * What a process does as the owner of blocks: it registers segments in which others, or itself, allocate, and imports
 * and exports single blocks. Called by the server for peers, and by the contract for the process itself. Takes the
 * context's lock; nothing slow is done under it.
 */
#ifndef SHSHARED_PROCESS_OWNER_H
#define SHSHARED_PROCESS_OWNER_H

#include "block/segment.h"

struct context;

/* The segment in which a handle is valid now, NULL where there is none. Under the lock. */
struct segment *shs__owner_find(struct context *context, shs_handle handle);

/* Give a new segment numbers, from base on, and its words their first state, and register it. On failure it is closed.
 * From here on it may go at any time, unless it is held. */
shs_status shs__owner_register(struct context *context, struct segment *segment, uint32_t *base);

/* A block of another segment, by the object of its data. */
struct mapping {
    uint64_t offset; /* of its first byte */
    uint64_t size;
    shs_access access;
    shs_pid giver;
};

/* Let somebody keep the memory of a block that lives here: its slot is never used again. The caller closes fd. */
shs_status shs__owner_export(struct context *context, shs_handle handle, struct mapping *exported, int *fd);

/* Make a handle for such a block. fd is taken over. */
shs_status shs__owner_import(struct context *context, const struct mapping *mapping, int fd, shs_handle *handle);

/* Close a handle. */
shs_status shs__owner_free(struct context *context, shs_handle handle);

#endif
