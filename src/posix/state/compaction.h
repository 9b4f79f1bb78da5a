/*
 * Compaction: blocks of givers that have ended are moved together, many segments into an arena.
 *
 * A segment that another process gave costs its owner a descriptor as long as it has a block. Where givers come and go
 * and each leaves one, the owner would soon have no descriptor left. So when there is no room for a segment, those are
 * moved that nobody but this process can see any more: the giver has ended, no other process looked it up or had a
 * block of it mapped elsewhere, no fork had a view of it, and there is no view just now. Handles go on to lead to their
 * blocks.
 *
 * A thread that took the old segment from the table finds its words dead; so whoever finds a handle stale asks
 * compaction_moves() before it says so. Called by owner.c.
 */
#ifndef SHSHARED_STATE_COMPACTION_H
#define SHSHARED_STATE_COMPACTION_H

#include "block/handle_table.h"
#include "block/segment.h"
#include "os/spin.h"

struct context;

struct compaction {
    _Atomic bool runs; /* in one thread at a time */
    uint64_t round;    /* of looks at all segments */
};

/* Move what can be moved. Without the lock. */
void shs__compact(struct context *context);

/* Was the segment moved while somebody worked on it, who found a handle stale there? When it was done, the handle is to
 * be looked up again. */
static inline bool compaction_moves(struct handle_table *table, uint32_t index, const struct segment *segment) {
    const bool moving = atomic_load(&segment->moving);
    for (unsigned tries = 0; atomic_load(&segment->moving);)
        spin_pause(&tries);
    return moving || handle_table_find(table, index) != segment;
}

#endif
