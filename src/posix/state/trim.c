/*
 * What nobody uses goes back to the system. See trim.h.
 */
#include "state/trim.h"

#include "state/context.h"

/* Rounds, a second each, after which even memory within the limit goes back. */
#define IDLE_MOST 30u

/* Looks between which the lock is given back. */
#define LOOKS_AT_ONCE 16

/* Whoever owns a segment retires it: its giver finds every slot so. A giver unlinks it, and the owner is told. Without
 * memory to note that, it stays until the next time. A third process just forgets it. */
static void give_up(struct context *context, struct segment *segment) {
    if (segment_is_owned(segment))
        shs__registry_retire(context, segment);
    else if (segment->role == SEGMENT_THIRD ||
             shs__peer_queue_release(context, segment->peer, WIRE_RELEASE_SEGMENT, segment->base))
        shs__registry_unlink(context, segment);
    else
        shs__kept_add(&context->kept, segment);
}

/* ---- to the limit ---- */

/* Nobody may take it away now: a thread works on it; or a third process sees a block, and nothing would be unmapped. */
static bool is_wanted(const struct segment *segment) {
    return segment->holds > 0 || (segment->role == SEGMENT_THIRD && shs__segment_has_views(segment));
}

/* The one that was kept longest: it is given up, unless it is in use again. */
static void look_at_first(struct context *context) {
    struct segment *segment = context->kept.first;
    shs__kept_remove(&context->kept, segment);
    if (is_wanted(segment))
        shs__kept_add(&context->kept, segment);
    else if (!shs__segment_is_in_use(segment))
        give_up(context, segment);
}

/* Look at some, once each. False when that is enough. */
static bool look_at_some(struct context *context, uint32_t *looks) {
    const uint32_t kept = context->kept.count;
    uint32_t left = kept < *looks ? kept : *looks;
    for (int i = 0; i < LOOKS_AT_ONCE && left > 0 && context->kept.bytes > context->options.retain; i++, left--)
        look_at_first(context);
    *looks = left;
    const bool is_beyond = context->kept.bytes > context->options.retain;
    atomic_store_explicit(&context->keeps_too_much, is_beyond, memory_order_relaxed);
    return is_beyond && left > 0;
}

void shs__trim(struct context *context) {
    uint32_t looks = UINT32_MAX;
    bool more = true;
    while (more) {
        context_lock(context);
        more = look_at_some(context, &looks);
        context_unlock(context);
    }
    context_reclaim(context);
}

/* ---- what was emptied ---- */

/* Count it among those that are kept, unless it has a block; or give it up at once when it can have no other. */
static bool keep(struct context *context, struct segment *segment) {
    if (shs__segment_is_in_use(segment)) return false;
    shs__kept_add(&context->kept, segment);
    if (segment->holds > 0 || !shs__segment_is_retired(segment)) return true;
    shs__kept_remove(&context->kept, segment);
    give_up(context, segment);
    return true;
}

/* The segment of a handle; NULL when it is gone. Under the lock. */
static struct segment *find(struct context *context, shs_pid owner, uint32_t index) {
    if (owner == context->pid) return handle_table_find(&context->own, index);
    struct peer *peer = shs__peer_find(&context->peers, owner);
    return peer == NULL ? NULL : handle_table_find(&peer->known, index);
}

/* The owner tells the others; everyone else tells the owner. */
static void tell(struct context *context, const struct segment *segment, uint64_t teller) {
    if (segment->peer != NULL)
        (void)shs__peer_queue_release(context, segment->peer, WIRE_EMPTIED, segment->base);
    else
        shs__emptied_add(context, segment, teller);
}

void shs__trim_emptied(struct context *context, shs_pid owner, shs_handle handle) {
    context_lock(context);
    struct segment *segment = find(context, owner, handle_index(handle));
    if (segment != NULL && atomic_exchange(segment->noted, 1) == 0) {
        tell(context, segment, 0);
        (void)keep(context, segment);
    }
    context_unlock(context);
    shs__trim(context);
}

void shs__trim_told(struct context *context, uint32_t base, uint64_t connection) {
    context_lock(context);
    struct segment *segment = base < INDEX_COUNT ? handle_table_find(&context->own, base) : NULL;
    if (segment != NULL) {
        tell(context, segment, connection);
        (void)keep(context, segment);
    }
    context_unlock(context);
    shs__trim(context);
}

void shs__trim_heard(struct context *context, struct peer *peer, uint32_t base) {
    if (base == WIRE_ALL) atomic_store(&context->look_due, true);
    context_lock(context);
    struct segment *segment = base < INDEX_COUNT ? handle_table_find(&peer->known, base) : NULL;
    if (segment != NULL) (void)keep(context, segment);
    if (context->kept.bytes > context->options.retain) atomic_store(&context->trim_due, true);
    context_unlock(context);
}

static bool keep_known(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    if (segment->peer != NULL && handle_table_find(&segment->peer->known, segment->base) == segment)
        (void)keep(context, segment);
    return true;
}

/* However often a peer has said that it may be any of its segments, they are looked at once. */
void shs__trim_after_turn(struct context *context) {
    const bool looks = atomic_load(&context->look_due) && atomic_exchange(&context->look_due, false);
    if (looks) shs__registry_each(context, keep_known, NULL);
    if (looks || (atomic_load(&context->trim_due) && atomic_exchange(&context->trim_due, false))) shs__trim(context);
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
    shs__kept_add(&context->kept, segment); /* it may be that nobody told */
    if (segment->role == SEGMENT_THIRD) {
        if (!shs__segment_has_views(segment)) shs__registry_unlink(context, segment);
    } else if (segment->role == SEGMENT_OWNER) {
        if (segment->orphan)
            shs__registry_retire(context, segment);
        else if (segment->retired || all_retired)
            shs__registry_unlink(context, segment);
    } else {
        watch_idleness(segment);
        if (all_retired || segment->idle >= IDLE_MOST) give_up(context, segment);
    }
    return true;
}

void shs__trim_periodic(struct context *context) {
    shs__registry_each(context, sweep, NULL);
    context_reclaim(context);
    shs__trim(context);
}

/* ---- all of it ---- */

static bool give_up_unused(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    if (segment->role != SEGMENT_THIRD && segment->holds == 0 && !shs__segment_is_live(segment))
        give_up(context, segment);
    return true;
}

void shs__trim_unused(struct context *context) {
    shs__registry_each(context, give_up_unused, NULL);
    context_reclaim(context);
}
