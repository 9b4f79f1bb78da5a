/*
 * What nobody uses goes back to the system. See trim.h.
 */
#include "state/trim.h"

#include "state/context.h"

/* Rounds, a second each, after which even memory within the limit goes back. */
#define IDLE_MOST 30u

/* A thread that frees looks at all segments for each of these parts of the limit; what has a segment to itself exceeds
 * the least of them, so that with nothing to be kept it goes at once. */
#define STEP_PART 4
#define STEP_LEAST 65536u

/* Mapped for no block, and for no view. */
static bool is_kept(const struct segment *segment) {
    return segment->holds == 0 && !shs__segment_is_live(segment) && !shs__segment_has_views(segment);
}

/* Whoever owns a segment retires it: its giver finds every slot so. A giver unlinks it, and the owner is told later;
 * without memory to note that, it stays until the next time. A third process just forgets it. */
static void give_up(struct context *context, struct segment *segment) {
    if (segment->role == SEGMENT_OWN || segment->role == SEGMENT_OWNER)
        shs__registry_retire(context, segment);
    else if (segment->role == SEGMENT_THIRD ||
             shs__peer_queue_release(segment->peer, WIRE_RELEASE_SEGMENT, segment->base))
        shs__registry_unlink(context, segment);
}

/* ---- to the limit ---- */

struct excess {
    uint64_t kept; /* bytes of segments without a block */
    uint32_t idle_least;
};

static bool sum_kept(struct context *context, struct segment *segment, void *argument) {
    struct excess *excess = argument;
    (void)context;
    if (is_kept(segment)) excess->kept += shs__segment_extent(&segment->geometry);
    return true;
}

static bool give_up_excess(struct context *context, struct segment *segment, void *argument) {
    struct excess *excess = argument;
    if (excess->kept <= context->options.retain) return false;
    if (segment->idle < excess->idle_least || !is_kept(segment)) return true;
    excess->kept -= shs__segment_extent(&segment->geometry);
    give_up(context, segment);
    return true;
}

/* A third process: what its owner has retired is used by nobody else, and held by this mapping alone. */
static bool forget_retired(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    if (segment->role != SEGMENT_THIRD || !shs__segment_is_retired(segment)) return true;
    if (!shs__segment_is_live(segment) && !shs__segment_has_views(segment)) shs__registry_unlink(context, segment);
    return true;
}

static void trim(struct context *context, uint32_t idle_least) {
    struct excess excess = { .idle_least = idle_least };
    shs__registry_each(context, forget_retired, NULL);
    shs__registry_each(context, sum_kept, &excess);
    shs__registry_each(context, give_up_excess, &excess);
}

uint32_t shs__trim_step(uint64_t retain) {
    const uint64_t part = retain / STEP_PART, step = part < STEP_LEAST ? STEP_LEAST : part;
    return step / SEGMENT_ALIGNMENT > UINT32_MAX ? UINT32_MAX : (uint32_t)(step / SEGMENT_ALIGNMENT);
}

void shs__trim_freed(struct thread *thread) {
    atomic_store_explicit(&thread->freed, 0, memory_order_relaxed);
    trim(thread->context, 0);
}

/* Looking through all segments for each new one would cost more the more there are: so it is done for every quarter of
 * the limit that is made. */
void shs__trim_excess(struct context *context, uint64_t making) {
    context_lock(context);
    context->bytes_made += making;
    const bool due = context->bytes_made >= context->options.retain / STEP_PART;
    if (due) context->bytes_made = 0;
    context_unlock(context);
    if (due) trim(context, 0);
}

/* ---- in time ---- */

/* Count the rounds in which it had no block and nothing happened. */
static void watch_idleness(struct segment *segment) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        sum += atomic_load_explicit(&segment->words[i], memory_order_relaxed);
    }
    segment->idle = sum == segment->word_seen ? segment->idle + 1 : 0;
    segment->word_seen = sum;
}

/* Retired first, then live: the other way round a block could come and be locked by a third process in between, which
 * retires the slot while the block lives. */
static bool sweep(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    const bool all_retired = shs__segment_is_retired(segment);
    if (segment->holds > 0 || shs__segment_is_live(segment)) return true;
    if (segment->role == SEGMENT_THIRD) {
        if (!shs__segment_has_views(segment)) shs__registry_unlink(context, segment);
    } else if (segment->role == SEGMENT_OWNER) {
        if (segment->retired || all_retired) shs__registry_unlink(context, segment);
    } else {
        watch_idleness(segment);
        if (all_retired || segment->idle >= IDLE_MOST) give_up(context, segment);
    }
    return true;
}

void shs__trim_periodic(struct context *context) {
    shs__registry_each(context, sweep, NULL);
    trim(context, 1);
}

/* ---- all of it ---- */

static bool give_up_unused(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    if (segment->role != SEGMENT_THIRD && segment->holds == 0 && !shs__segment_is_live(segment))
        give_up(context, segment);
    return true;
}

void shs__trim_unused(struct context *context) { shs__registry_each(context, give_up_unused, NULL); }
