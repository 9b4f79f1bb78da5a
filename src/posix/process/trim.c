/*
 * What nobody uses goes back to the system. Part of holdings.h.
 *
 * The allocator decides for segments in which it allocates: it keeps freed memory for its next blocks, up to a limit
 * and for a time. The owner gives up what was revoked or used up; a third process what holds no block any more.
 */
#include "process/context.h"
#include "process/registry.h"

/* Rounds, a second each, after which even memory within the limit goes back. */
#define IDLE_MOST 30u

/* Can no block ever be allocated in it again? */
static bool is_retired(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if ((atomic_load(&segment->words[i]) & SLOT_RETIRED) == 0) return false;
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
static void retire(struct context *context, struct segment *segment, const struct peer *reached) {
    if (segment->role == SEGMENT_OWN) {
        registry_retire(context, segment);
        return;
    }
    const struct message told = { .kind = WIRE_RELEASE_SEGMENT, .base = segment->base };
    if ((segment->peer == reached || !segment->peer->busy) && peer_notify(segment->peer, &told))
        registry_unlink(context, segment);
}

static bool is_allocated_here(const struct segment *segment) {
    return (segment->role == SEGMENT_OWN || segment->role == SEGMENT_GIVEN) && !segment->filling;
}

/* Retire segments without blocks, the oldest first, until the limit holds. */
static void trim(struct context *context, uint32_t idle_least) {
    uint64_t kept = 0;
    for (const struct segment *segment = context->registry.first; segment != NULL; segment = segment->next) {
        if (is_allocated_here(segment) && !segment_is_live(segment)) kept += segment_extent(&segment->geometry);
    }
    for (struct segment *segment = context->registry.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (kept <= context->options.retain) return;
        if (!is_allocated_here(segment) || segment->idle < idle_least || segment_is_live(segment)) continue;
        kept -= segment_extent(&segment->geometry);
        retire(context, segment, NULL);
    }
}

/* Looking through all segments for each new one would cost more the more there are: so it is done for every quarter of
 * the limit that is made. */
void trim_excess(struct context *context, uint64_t making) {
    context->registry.made += making;
    if (context->registry.made < context->options.retain / 4) return;
    context->registry.made = 0;
    trim(context, 0);
    registry_reclaim(context);
}

/* Worn first, then live: the other way round a block could come and be locked by a third process in between, which
 * wears the segment out while the block lives. */
static void sweep(struct context *context, struct segment *segment) {
    const bool retired_all = is_retired(segment);
    if (segment_is_live(segment)) return;
    if (segment->role == SEGMENT_KNOWN) {
        if (!segment_has_views(segment)) registry_unlink(context, segment);
    } else if (segment->role == SEGMENT_TAKEN) {
        if (segment->retired || retired_all) registry_unlink(context, segment);
    } else if (!segment->filling) {
        watch_idleness(segment);
        if (retired_all || segment->idle >= IDLE_MOST) retire(context, segment, NULL);
    }
}

void trim_unused(struct context *context, const struct peer *reached) {
    for (struct segment *segment = context->registry.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (segment_is_live(segment)) continue;
        if (is_allocated_here(segment))
            retire(context, segment, reached);
        else if (segment->role == SEGMENT_TAKEN)
            registry_retire(context, segment); /* its allocator finds every slot spent */
    }
    registry_reclaim(context);
}

void trim_periodic(struct context *context) {
    for (struct segment *segment = context->registry.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        sweep(context, segment);
    }
    trim(context, 1);
    registry_reclaim(context);
}
