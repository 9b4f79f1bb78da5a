/*
 * Holdings: all segments that this process has mapped, from the moment one can be found until its last view is gone.
 *
 * A segment that is forgotten can be found by no handle and no thread any more; it leaves when no view of it is left.
 * The sweep gives memory back that nobody uses: what was freed and is kept for the next block only up to a limit and
 * for a time, what a peer that is gone had given, what a third process remembers of freed blocks. Everything here is
 * under the world's lock.
 */
#ifndef SHSHARED_PROCESS_REGISTRY_H
#define SHSHARED_PROCESS_REGISTRY_H

#include "block/segment.h"

struct context;

struct pool;

struct registry {
    struct segment *first, *last; /* those that can be found, the oldest first */
    struct segment *draining;     /* those that cannot, and have views or readers */
    uint32_t count;
    uint32_t descriptors;
    uint64_t made; /* bytes, since the last trim */
};

/* May there be this one more? */
bool registry_has_room(const struct context *context, const struct segment *segment);

/* Let handles and addresses lead to the segment. On failure it is closed. */
shs_status registry_add(struct context *context, struct segment *segment);

/* The pool in which this process allocates from it. */
struct pool *registry_pool(struct context *context, const struct segment *segment);

/* Map for reading, and let that mapping be found. */
shs_status registry_add_reading(struct context *context, struct segment *segment);

/* Make the segment impossible to find; registry_reclaim() closes it when it can. */
void registry_unlink(struct context *context, struct segment *segment);
void registry_reclaim(struct context *context);

/* Nobody allocates in it any more; its numbers are given out again only when no block is left. */
void registry_retire(struct context *context, struct segment *segment);
void registry_retire_connection(struct context *context, uint64_t connection);

/* Forget all that hangs on the connection to a peer. */
void registry_unlink_peer(struct context *context, const struct peer *peer);
void registry_unlink_all(struct context *context);

/* Give back what nobody uses; once a second or so. Or only what exceeds the limit, when memory was just taken. */
void trim_periodic(struct context *context);
void trim_excess(struct context *context, uint64_t making);

/* Give back all that holds no block, for the sake of its numbers and descriptors: also what peers keep here for their
 * next block. Its owners are told, of those that nobody asks just now and of the one that this thread has reached
 * (NULL: none). */
void trim_unused(struct context *context, const struct peer *reached);

#endif
