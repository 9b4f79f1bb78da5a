/*
 * The registry: what is mapped, found, unlinked and reclaimed. See registry.h.
 */
#include "state/registry.h"

#include "block/address_map.h"
#include "block/pool.h"
#include "os/errno_status.h"
#include "os/pages.h"
#include "os/shm_object.h"
#include "state/context.h"
#include "state/peer_segments.h"

/* Visits between which the lock is given back. */
#define VISITS_AT_ONCE 16

bool shs__registry_has_room(struct context *context, const struct segment *segment) {
    return shs__usage_has_room(&context->registry.usage, segment, context->pid, context->options.take_limit);
}

/* ---- addresses ---- */

/* Views of a single block start at one address; those of a shared segment anywhere in it. */
static struct segment_span findable(const struct segment *segment, struct segment_span span) {
    if (segment->geometry.count == 1 && span.length > page_size()) span.length = page_size();
    return span;
}

static bool insert_span(struct context *context, struct segment *segment, struct segment_span whole) {
    const struct segment_span span = findable(segment, whole);
    return span.length == 0 ||
           shs__address_map_insert(&context->addresses, span.address, span.length, segment, &context->rcu);
}

static void remove_span(struct context *context, struct segment *segment, shs_access access) {
    const struct segment_span span = findable(segment, shs__segment_span(segment, access));
    if (span.length != 0) shs__address_map_remove(&context->addresses, span.address, span.length, &context->rcu);
}

static void remove_spans(struct context *context, struct segment *segment) {
    remove_span(context, segment, SHS_READ);
    remove_span(context, segment, SHS_READ_WRITE);
}

static bool insert_spans(struct context *context, struct segment *segment) {
    if (insert_span(context, segment, shs__segment_span(segment, SHS_READ)) &&
        insert_span(context, segment, shs__segment_span(segment, SHS_READ_WRITE)))
        return true;
    remove_spans(context, segment);
    return false;
}

/* ---- the list ---- */

static void count_in(struct context *context, const struct segment *segment) {
    shs__usage_add(&context->registry.usage, segment, context->pid);
}

static void count_out(struct context *context, const struct segment *segment) {
    shs__usage_remove(&context->registry.usage, segment, context->pid);
}

static void append(struct context *context, struct segment *segment) {
    struct registry *registry = &context->registry;
    segment->next = NULL;
    segment->previous = registry->last;
    *(registry->last == NULL ? &registry->first : &registry->last->next) = segment;
    registry->last = segment;
    shs__peer_segments_join(segment);
    count_in(context, segment);
}

static void take_out(struct context *context, struct segment *segment) {
    struct registry *registry = &context->registry;
    for (struct registry_walk *walk = registry->walks; walk != NULL; walk = walk->other) {
        if (walk->next == segment) walk->next = segment->next;
        if (walk->last == segment) walk->last = segment->previous;
    }
    *(segment->previous == NULL ? &registry->first : &segment->previous->next) = segment->next;
    *(segment->next == NULL ? &registry->last : &segment->next->previous) = segment->previous;
    shs__peer_segments_leave(segment);
    count_out(context, segment);
}

shs_status shs__registry_add(struct context *context, struct segment *segment, struct handle_table *table) {
    if (!shs__registry_has_room(context, segment)) return status_local(SHS_E_LIMIT);
    if (!insert_spans(context, segment)) return status_local(SHS_E_NO_MEMORY);
    if (!shs__handle_table_insert(table, segment->base, segment->geometry.count, segment)) {
        remove_spans(context, segment);
        return status_local(SHS_E_NO_MEMORY);
    }
    segment->table = table;
    append(context, segment);
    return SHS_OK;
}

/* ---- reclaiming ---- */

static struct segment *segment_of(struct rcu_item *item) {
    return (struct segment *)((char *)item - offsetof(struct segment, item));
}

static void close_unlinked(struct rcu_item *item, void *context) {
    (void)context;
    shs__segment_close(segment_of(item));
}

/* No view is left and none can come: nobody looks for it by an address any more, and no shared word is touched. Under
 * the lock. */
static void reclaim(struct context *context, struct segment *segment) {
    remove_spans(context, segment);
    if (segment->grant != NULL) shs__third_grant_drop(context, segment);
    shs__rcu_defer(&context->rcu, &segment->item, close_unlinked);
}

/* Views need the mappings alone. */
static void drain(struct context *context, struct segment *segment) {
    segment->next = context->registry.draining;
    context->registry.draining = segment;
    segment->drains = true;
    count_in(context, segment); /* it may be long mapped */
}

static void end_draining(struct context *context, struct segment **place) {
    struct segment *segment = *place;
    *place = segment->next;
    segment->drains = false;
    count_out(context, segment);
}

static void await_readers(struct context *context, struct segment *segment);

/* Everyone who still found it by a handle has left: who has no view by now gets none any more, unless it was linked
 * again. */
static void reclaim_or_drain(struct rcu_item *item, void *argument) {
    struct context *context = argument;
    struct segment *segment = segment_of(item);
    shs__segment_close_descriptors(segment);
    context_lock(context);
    segment->awaited = false;
    if (segment->awaited_again)
        await_readers(context, segment);
    else if (atomic_load(&segment->draining) && shs__segment_has_views(segment))
        drain(context, segment);
    else if (atomic_load(&segment->draining))
        reclaim(context, segment);
    context_unlock(context);
}

/* One that was linked again while somebody waited for its readers has new ones. Under the lock. */
static void await_readers(struct context *context, struct segment *segment) {
    segment->awaited_again = segment->awaited;
    if (segment->awaited) return;
    segment->awaited = true;
    shs__rcu_defer(&context->rcu, &segment->item, reclaim_or_drain);
}

void shs__registry_drain(struct context *context) {
    context_lock(context);
    for (struct segment **place = &context->registry.draining; *place != NULL;) {
        struct segment *segment = *place;
        if (shs__segment_has_views(segment)) {
            place = &segment->next;
        } else {
            end_draining(context, place);
            reclaim(context, segment);
        }
    }
    context_unlock(context);
    context_reclaim(context);
}

/* ---- unlinking ---- */

static void end_lease(struct segment *segment) {
    for (int i = 0; segment->leaseholder != NULL && i < LEASES; i++) {
        struct lease *lease = &segment->leaseholder->leases[i];
        if (atomic_load(&lease->segment) == segment) atomic_store(&lease->segment, NULL);
    }
    segment->leaseholder = NULL;
}

static void end_allocating(struct segment *segment) {
    end_lease(segment);
    shs__pool_remove(segment);
}

/* The numbers can lead to another segment now, whose generations go on from here. */
static void give_numbers_back(struct context *context, const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t word = atomic_load_explicit(&segment->words[i], memory_order_relaxed);
        shs__handle_numbers_remember(&context->numbers, segment->base + i, slot_generation(word));
    }
    shs__handle_numbers_give(&context->numbers, segment->base, segment->geometry.count);
}

/* Nobody finds it any more. */
static void begin_draining(struct context *context, struct segment *segment) {
    shs__kept_remove(&context->kept, segment);
    atomic_store(&segment->draining, true); /* before the grace period: the last unlock sees it */
    await_readers(context, segment);
}

void shs__registry_unlink(struct context *context, struct segment *segment) {
    if (segment->holds > 0) {
        segment->unlink_pending = true;
        return;
    }
    end_allocating(segment);
    shs__handle_table_remove(segment->table, segment->base, segment->geometry.count, segment, &context->rcu);
    if (segment_is_owned(segment)) give_numbers_back(context, segment);
    take_out(context, segment);
    segment->peer = NULL;
    if (segment->grant != NULL) shs__third_grant_keep(segment);
    shs__arena_leave(context, segment->arena);
    begin_draining(context, segment);
}

bool shs__registry_prepare(struct context *context, struct segment *other) { return insert_spans(context, other); }

void shs__registry_replace(struct context *context, struct segment *old, struct segment *other) {
    other->table = old->table;
    /* it has the same handles, for which there is memory */
    (void)shs__handle_table_insert(other->table, other->base, other->geometry.count, other);
    take_out(context, old);
    append(context, other);
    begin_draining(context, old);
}

shs_status shs__registry_relink(struct context *context, struct segment *segment, struct peer *peer) {
    if (!shs__handle_table_insert(&peer->known, segment->base, segment->geometry.count, segment))
        return status_local(SHS_E_NO_MEMORY);
    struct segment **place = &context->registry.draining;
    while (segment->drains && *place != segment)
        place = &(*place)->next;
    if (segment->drains) end_draining(context, place);
    shs__third_grant_take(segment);
    atomic_store(&segment->draining, false);
    segment->table = &peer->known;
    segment->peer = peer;
    append(context, segment);
    return SHS_OK;
}

void shs__registry_end_hold(struct context *context, struct segment *segment) {
    segment->holds--;
    if (segment->holds == 0 && segment->unlink_pending) shs__registry_unlink(context, segment);
}

void shs__registry_let_go(struct context *context, struct segment *segment) {
    context_lock(context);
    shs__registry_end_hold(context, segment);
    context_unlock(context);
    context_reclaim(context);
}

void shs__registry_retire(struct context *context, struct segment *segment) {
    end_allocating(segment);
    if (!segment->retired && shs__segment_has_retired_block(segment)) atomic_store(&segment->shared, true);
    for (uint32_t i = 0; i < segment->geometry.count; i++)
        slot_retire(&segment->words[i]);
    segment->retired = true;
    if (shs__segment_is_in_use(segment))
        shs__kept_remove(&context->kept, segment);
    else
        shs__registry_unlink(context, segment);
}

/* ---- going through all ---- */

static void begin_walk(struct registry *registry, struct registry_walk *walk) {
    walk->next = registry->first;
    walk->last = registry->last;
    walk->other = registry->walks;
    registry->walks = walk;
}

static void end_walk(struct registry *registry, const struct registry_walk *walk) {
    struct registry_walk **place = &registry->walks;
    while (*place != walk)
        place = &(*place)->other;
    *place = walk->other;
}

/* The next to visit, NULL at the end. The last one may have been taken out before the walk came there. */
static struct segment *step(struct registry_walk *walk) {
    struct segment *segment = walk->last == NULL ? NULL : walk->next;
    if (segment != NULL) walk->next = segment == walk->last ? NULL : segment->next;
    return segment;
}

void shs__registry_each(struct context *context, registry_visit *visit, void *argument) {
    struct registry_walk walk;
    struct segment *segment;
    bool more = true;
    context_lock(context);
    begin_walk(&context->registry, &walk);
    for (int visits = 1; more && (segment = step(&walk)) != NULL; visits++) {
        more = visit(context, segment, argument);
        if (visits % VISITS_AT_ONCE != 0) continue;
        context_unlock(context);
        context_lock(context);
    }
    end_walk(&context->registry, &walk);
    context_unlock(context);
}

static bool is_given_by(const struct segment *segment, const uint64_t *connection) {
    return segment->role == SEGMENT_OWNER && segment->connection == *connection;
}

bool shs__registry_retire_given(struct context *context, struct segment *segment, void *connection) {
    if (is_given_by(segment, connection)) shs__registry_retire(context, segment);
    return true;
}

/* The giver lives, and can go on in what must stay for the sake of its blocks. */
bool shs__registry_orphan_given(struct context *context, struct segment *segment, void *connection) {
    if (!is_given_by(segment, connection)) return true;
    if (shs__segment_is_live(segment))
        segment->orphan = true;
    else
        shs__registry_retire(context, segment);
    return true;
}

struct awaiting {
    uint64_t connection;
    bool found;
};

static bool find_awaiting(struct context *context, struct segment *segment, void *argument) {
    struct awaiting *awaiting = argument;
    (void)context;
    awaiting->found = is_given_by(segment, &awaiting->connection) && !segment->retired &&
                      segment_size(segment, 0) == 0 && !shs__segment_is_live(segment);
    return !awaiting->found;
}

bool shs__registry_awaits_block(struct context *context, uint64_t connection) {
    struct awaiting awaiting = { connection, false };
    shs__registry_each(context, find_awaiting, &awaiting);
    return awaiting.found;
}

bool shs__registry_end_handles(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    for (uint32_t i = 0; segment_is_owned(segment) && i < segment->geometry.count; i++) {
        slot_retire(&segment->words[i]);
        (void)atomic_fetch_and(&segment->words[i], ~SLOT_LIVE);
    }
    shs__registry_unlink(context, segment);
    return true;
}

/* ---- the mapping for reading ---- */

static struct segment *hold(struct context *context, shs_handle handle) {
    context_lock(context);
    struct segment *segment = handle_table_find(&context->own, handle_index(handle));
    if (segment != NULL) segment->holds++;
    context_unlock(context);
    return segment;
}

/* Found by its address before a lock can lead there: a view must be found when it is unlocked. The first mapping
 * counts.
 */
static shs_status show_reading(struct context *context, struct segment *segment, unsigned char *first, bool *shown) {
    if (atomic_load(&segment->data_reading) != NULL) return SHS_OK;
    if (!insert_span(context, segment, shs__segment_span_at(segment, first))) return status_local(SHS_E_NO_MEMORY);
    shs__segment_show_reading(segment, first);
    *shown = true;
    return SHS_OK;
}

shs_status shs__registry_map_reading(struct context *context, shs_handle handle) {
    struct segment *segment = hold(context, handle);
    unsigned char *first = NULL;
    bool shown = false;
    if (segment == NULL) return status_local(SHS_E_HANDLE);
    shs_status status = shs__segment_map_reading(segment, &first);
    const struct segment_span mapped = shs__segment_span_at(segment, first);
    context_lock(context);
    if (status == SHS_OK) status = show_reading(context, segment, first, &shown);
    shs__registry_end_hold(context, segment);
    context_unlock(context);
    if (!shown) shs__shm_object_unmap((void *)mapped.address, mapped.length);
    context_reclaim(context);
    return status;
}
