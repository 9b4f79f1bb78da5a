/*
 * What nobody uses goes back to the system. Part of holdings.h.
 *
 * The allocator decides for segments in which it allocates: it keeps freed memory for its next blocks, up to a limit
 * and for a time. The owner gives up what was revoked or used up; a third process what holds no block any more.
 */
#include "holdings.h"
#include "world.h"

/* Rounds, a second each, after which even memory within the limit goes back. */
#define IDLE_MOST 30u

/* Can no block ever be allocated in it again? */
static bool is_worn(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if ((atomic_load(&segment->words[i]) & SLOT_SPENT) == 0) return false;
    }
    return true;
}

/* Count the rounds in which it had no block and nothing happened. */
static void watch_idleness(struct segment *segment) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        sum += atomic_load_explicit(&segment->words[i], memory_order_relaxed);
    }
    segment->idle = sum == segment->word_seen ? segment->idle + 1 : 0;
    segment->word_seen = sum;
}

/* The allocator gives a segment up. Its owner is told, if that can be done now; otherwise next time. */
static void retire(struct world *world, struct segment *segment, const struct peer *reached) {
    if (segment->role == SEGMENT_OWN) {
        holdings_revoke(world, segment);
        return;
    }
    const struct frame told = { .kind = WIRE_RETIRE, .base = segment->base };
    if ((segment->peer == reached || !segment->peer->busy) && peer_tell(segment->peer, &told))
        holdings_forget(world, segment);
}

static bool is_allocated_here(const struct segment *segment) {
    return (segment->role == SEGMENT_OWN || segment->role == SEGMENT_GIVEN) && !segment->filling;
}

/* Retire segments without blocks, the oldest first, until the limit holds. */
static void trim(struct world *world, uint32_t idle_least) {
    uint64_t kept = 0;
    for (const struct segment *segment = world->holdings.first; segment != NULL; segment = segment->next) {
        if (is_allocated_here(segment) && !segment_is_live(segment)) kept += segment_extent(&segment->geometry);
    }
    for (struct segment *segment = world->holdings.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (kept <= world->options.retain) return;
        if (!is_allocated_here(segment) || segment->idle < idle_least || segment_is_live(segment)) continue;
        kept -= segment_extent(&segment->geometry);
        retire(world, segment, NULL);
    }
}

/* Looking through all segments for each new one would cost more the more there are: so it is done for every quarter of
 * the limit that is made. */
void holdings_trim(struct world *world, uint64_t making) {
    world->holdings.made += making;
    if (world->holdings.made < world->options.retain / 4) return;
    world->holdings.made = 0;
    trim(world, 0);
    holdings_settle(world);
}

/* Worn first, then live: the other way round a block could come and be locked by a third process in between, which
 * wears the segment out while the block lives. */
static void sweep(struct world *world, struct segment *segment) {
    const bool worn = is_worn(segment);
    if (segment_is_live(segment)) return;
    if (segment->role == SEGMENT_KNOWN) {
        if (!segment_is_pinned(segment)) holdings_forget(world, segment);
    } else if (segment->role == SEGMENT_TAKEN) {
        if (segment->revoked || worn) holdings_forget(world, segment);
    } else if (!segment->filling) {
        watch_idleness(segment);
        if (worn || segment->idle >= IDLE_MOST) retire(world, segment, NULL);
    }
}

void holdings_give_back(struct world *world, const struct peer *reached) {
    for (struct segment *segment = world->holdings.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (segment_is_live(segment)) continue;
        if (is_allocated_here(segment))
            retire(world, segment, reached);
        else if (segment->role == SEGMENT_TAKEN)
            holdings_revoke(world, segment); /* its allocator finds every slot spent */
    }
    holdings_settle(world);
}

void holdings_sweep(struct world *world) {
    for (struct segment *segment = world->holdings.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        sweep(world, segment);
    }
    trim(world, 1);
    holdings_settle(world);
}
