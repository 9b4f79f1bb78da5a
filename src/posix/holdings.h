/*
 * Holdings: all segments that this process has mapped, from the moment one can be found until its last view is gone.
 *
 * A segment that is forgotten can be found by no handle and no thread any more; it leaves when no view of it is left.
 * The sweep gives memory back that nobody uses: what was freed and is kept for the next block only up to a limit and
 * for a time, what a peer that is gone had given, what a third process remembers of freed blocks. Everything here is
 * under the world's lock.
 */
#ifndef SHSHARED_POSIX_HOLDINGS_H
#define SHSHARED_POSIX_HOLDINGS_H

#include "segment.h"

struct world;

struct pool;

struct holdings {
    struct segment *first, *last; /* those that can be found, the oldest first */
    struct segment *leaving;      /* those that cannot, and have views or readers */
    uint32_t count;
    uint32_t descriptors;
    uint64_t made; /* bytes, since the last trim */
};

/* May there be this one more? */
bool holdings_have_room(const struct world *world, const struct segment *segment);

/* Let handles and addresses lead to the segment. On failure it is closed. */
shs_status holdings_add(struct world *world, struct segment *segment);

/* The pool in which this process allocates from it. */
struct pool *holdings_pool(struct world *world, const struct segment *segment);

/* Map for reading, and let that mapping be found. */
shs_status holdings_add_reading(struct world *world, struct segment *segment);

/* Make the segment impossible to find; holdings_settle() closes it when it can. */
void holdings_forget(struct world *world, struct segment *segment);
void holdings_settle(struct world *world);

/* Nobody allocates in it any more; its numbers are given out again only when no block is left. */
void holdings_revoke(struct world *world, struct segment *segment);
void holdings_revoke_link(struct world *world, uint64_t link);

/* Forget all that hangs on the connection to a peer. */
void holdings_forget_peer(struct world *world, const struct peer *peer);
void holdings_forget_all(struct world *world);

/* Give back what nobody uses; once a second or so. Or only what exceeds the limit, when memory was just taken. */
void holdings_sweep(struct world *world);
void holdings_trim(struct world *world, uint64_t making);

/* Give back all that holds no block, for the sake of its numbers and descriptors: also what peers keep here for their
 * next block. Its owners are told, of those that nobody asks just now and of the one that this thread has reached
 * (NULL: none). */
void holdings_give_back(struct world *world, const struct peer *reached);

#endif
