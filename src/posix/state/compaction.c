/*
 * Compaction. See compaction.h.
 *
 * A segment is moved in steps: its successor is mapped, without the lock; under the lock it is looked at once more, its
 * view counts are held, so that no thread of this process begins a view; each block is taken out of the old word in one
 * step, copied, and published in the new one; and in the end the table leads to the successor. A process that scribbles
 * on the old words loses its own blocks by it.
 */
#include "state/compaction.h"

#include <string.h>

#include "block/view_count.h"
#include "os/pages.h"
#include "os/process_info.h"
#include "os/race_detector.h"
#include "state/context.h"

#define ROOM_MOST (ARENA_SIZE / 32) /* of what is moved: larger ones are worth a descriptor */
#define BATCH 32

/* ---- what can be moved ---- */

/* In an arena: whole pages, as it is mapped. */
static uint64_t room_for(const struct segment *segment) { return page_round(shs__segment_extent(&segment->geometry)); }

/* Does the word say that somebody else has a view? The giver has ended. */
static bool has_traces(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t word = atomic_load(&segment->words[i]);
        if ((word & SLOT_PRESENCE & ~SLOT_PRESENT_GIVER) != 0) return true;
    }
    return false;
}

/* Does its giver say nothing any more? When it was retired, it was seen whether somebody keeps a block's memory. */
static bool is_left(const struct segment *segment) {
    return segment->retired || (segment->orphan && !shs__segment_has_retired_block(segment));
}

/* Does nobody else know the memory? Under the lock. */
static bool is_alone(const struct segment *segment) {
    return segment->role == SEGMENT_OWNER && is_left(segment) && segment->arena == NULL &&
           segment->words_fd == segment->data_fd && !atomic_load(&segment->shared) && !has_traces(segment);
}

static bool can_move(struct segment *segment) {
    return is_alone(segment) && room_for(segment) <= ROOM_MOST && segment->holds == 0 &&
           !atomic_load(&segment->draining) && shs__segment_is_live(segment);
}

/* Some of those that were not looked at in this round; they are held. */
struct batch {
    uint64_t round;
    unsigned count;
    struct segment *segments[BATCH];
};

static bool collect(struct context *context, struct segment *segment, void *argument) {
    struct batch *batch = argument;
    (void)context;
    if (segment->compacted == batch->round || !can_move(segment)) return true;
    segment->compacted = batch->round;
    segment->holds++;
    batch->segments[batch->count++] = segment;
    return batch->count < BATCH;
}

/* ---- moving ---- */

/* A second mapping of the process, in the arena, for what the segment has. NULL without memory. */
static struct segment *map_successor(const struct segment *segment, struct arena *arena) {
    struct segment_source source = { .geometry = segment->geometry,
                                     .role = SEGMENT_OWNER,
                                     .writable = true,
                                     .words_fd = arena->fd,
                                     .data_fd = arena->fd,
                                     .borrows = true };
    struct segment *made = NULL;
    source.geometry.offset += arena->used;
    if (shs__segment_open(&source, &made) != SHS_OK) return NULL;
    made->owner = segment->owner;
    made->giver = segment->giver;
    made->base = segment->base;
    made->arena = arena;
    made->retired = true;
    return made;
}

/* Take the block out of the old word, if there is one; it is the new one's when its data is there. */
static void move_block(struct segment *from, struct segment *to, uint32_t slot) {
    const uint32_t word = atomic_exchange(&from->words[slot], SLOT_RETIRED);
    const uint64_t at = slot * from->geometry.stride, size = segment_size(from, slot);
    race_acquire(&from->words[slot]);
    if ((word & SLOT_LIVE) != 0) {
        shs__segment_set_size(to, slot, size);
        memcpy(atomic_load(&to->data) + at, atomic_load(&from->data) + at, (size_t)from->geometry.stride);
    }
    race_release(&to->words[slot]);
    atomic_store(&to->words[slot], (word & ~SLOT_PRESENCE) | SLOT_RETIRED);
}

/* Under the lock. False where it must stay. */
static bool move(struct context *context, struct segment *from, struct segment *to) {
    if (!can_move(from) || !shs__view_stop(from)) return false;
    if (!shs__registry_prepare(context, to)) {
        shs__view_go_on(from);
        return false;
    }
    atomic_store(&from->moving, true);
    to->identity = ++context->identities;
    for (uint32_t i = 0; i < from->geometry.count; i++)
        move_block(from, to, i);
    shs__registry_replace(context, from, to);
    atomic_store(&from->moving, false);
    shs__view_go_on(from);
    return true;
}

/* The hold ends. False where it was not moved. */
static bool end_hold_and_move(struct context *context, struct segment *from, struct arena *arena, struct segment *to) {
    context_lock(context);
    const bool wanted = to != NULL && !from->unlink_pending;
    shs__registry_end_hold(context, from);
    const bool moved = wanted && move(context, from, to);
    if (moved)
        arena->used += room_for(from);
    else
        shs__arena_leave(context, arena);
    context_unlock(context);
    return moved;
}

static void try_to_move(struct context *context, struct segment *segment) {
    const bool ended = shs__process_info_has_ended(segment->giver);
    struct arena *arena = ended ? shs__arena_enter(context, room_for(segment)) : NULL;
    struct segment *successor = arena == NULL ? NULL : map_successor(segment, arena);
    if (!end_hold_and_move(context, segment, arena, successor) && successor != NULL) shs__segment_close(successor);
}

static void move_all(struct context *context) {
    struct batch batch = { .round = ++context->compaction.round };
    do {
        batch.count = 0;
        shs__registry_each(context, collect, &batch);
        for (unsigned i = 0; i < batch.count; i++)
            try_to_move(context, batch.segments[i]);
        context_reclaim(context);
    } while (batch.count == BATCH && shs__arena_has_room(context));
}

void shs__compact(struct context *context) {
    if (!shs__arena_has_room(context) || atomic_exchange(&context->compaction.runs, true)) return;
    move_all(context);
    atomic_store(&context->compaction.runs, false);
}
