/*
 * Holdings: what is mapped, found, forgotten and closed. See holdings.h; sweep.c decides what nobody uses.
 */
#include "process/registry.h"

#include <sys/resource.h>

#include "os/errno_status.h"
#include "os/shm_object.h"
#include "process/context.h"

/* Each is three mappings; a process that reaches the system's limit (65,530) cannot even start a thread. */
#define SEGMENTS_MOST 8192u
/* Of the soft limit for descriptors: the rest is the application's. */
#define DESCRIPTORS_SHARE 2u

struct pool *registry_pool(struct context *context, const struct segment *segment) {
    return segment->peer == NULL ? &context->pool : &segment->peer->pool;
}

static struct handle_table *table_of(struct context *context, const struct segment *segment) {
    return segment->peer == NULL ? &context->own : &segment->peer->known;
}

static bool is_owned(const struct segment *segment) {
    return segment->role == SEGMENT_OWN || segment->role == SEGMENT_TAKEN;
}

static uint32_t descriptors_of(const struct segment *segment) {
    if (!is_owned(segment)) return 0;
    return segment->words_fd == segment->data_fd ? 1 : 2;
}

bool registry_has_room(const struct context *context, const struct segment *segment) {
    const struct registry *registry = &context->registry;
    const uint32_t descriptors = descriptors_of(segment);
    struct rlimit limit;
    if (registry->count >= SEGMENTS_MOST) return false;
    if (descriptors == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return true;
    return registry->descriptors + descriptors <= limit.rlim_cur / DESCRIPTORS_SHARE;
}

/* Views of a single block start at one address; those of a shared segment anywhere in it. */
static struct segment_span findable(const struct segment *segment, struct segment_span span) {
    if (segment->geometry.count == 1 && span.length > page_size()) span.length = page_size();
    return span;
}

static bool put_span(struct context *context, struct segment *segment, shs_access access) {
    const struct segment_span span = findable(segment, segment_span(segment, access));
    return span.length == 0 || address_map_insert(&context->views, span.address, span.length, segment);
}

static void remove_span(struct context *context, struct segment *segment, shs_access access) {
    const struct segment_span span = findable(segment, segment_span(segment, access));
    if (span.length != 0) address_map_remove(&context->views, span.address, span.length);
}

static void remove_spans(struct context *context, struct segment *segment) {
    remove_span(context, segment, SHS_READ);
    remove_span(context, segment, SHS_READ_WRITE);
}

static void append(struct context *context, struct segment *segment) {
    struct registry *registry = &context->registry;
    if (registry->count == 0) server_hasten(context);
    segment->next = NULL;
    segment->previous = registry->last;
    if (registry->last == NULL)
        registry->first = segment;
    else
        registry->last->next = segment;
    registry->last = segment;
    registry->count++;
    registry->descriptors += descriptors_of(segment);
}

static void take_out(struct registry *registry, struct segment *segment) {
    *(segment->previous == NULL ? &registry->first : &segment->previous->next) = segment->next;
    *(segment->next == NULL ? &registry->last : &segment->next->previous) = segment->previous;
    registry->count--;
    registry->descriptors -= descriptors_of(segment);
}

shs_status registry_add(struct context *context, struct segment *segment) {
    shs_status status = SHS_OK;
    if (!registry_has_room(context, segment))
        status = status_local(SHS_E_LIMIT);
    else if (!put_span(context, segment, SHS_READ) || !put_span(context, segment, SHS_READ_WRITE) ||
             !handle_table_insert(table_of(context, segment), segment->base, segment->geometry.count, segment))
        status = status_local(SHS_E_NO_MEMORY);
    if (status == SHS_OK) {
        append(context, segment);
    } else {
        remove_spans(context, segment);
        segment_close(segment);
    }
    return status;
}

shs_status registry_add_reading(struct context *context, struct segment *segment) {
    unsigned char *first;
    if (atomic_load(&segment->data_reading) != NULL) return SHS_OK;
    const shs_status status = segment_map_reading(segment, &first);
    if (status != SHS_OK) return status;
    const struct segment_span whole = segment_span_at(segment, first), span = findable(segment, whole);
    if (!address_map_insert(&context->views, span.address, span.length, segment)) {
        shm_object_unmap((void *)whole.address, whole.length);
        return status_local(SHS_E_NO_MEMORY);
    }
    segment_show_reading(segment, first); /* last: a view that is locked there must be found when it is unlocked */
    return SHS_OK;
}

static void end_lease(struct segment *segment) {
    for (int i = 0; segment->leaseholder != NULL && i < LEASES; i++) {
        struct lease *lease = &segment->leaseholder->leases[i];
        if (atomic_load(&lease->segment) == segment) atomic_store(&lease->segment, NULL);
    }
    segment->leaseholder = NULL;
}

/* The numbers can lead to another segment now, whose generations go on from here. */
static void give_numbers_back(struct context *context, const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t word = atomic_load_explicit(&segment->words[i], memory_order_relaxed);
        handle_numbers_remember(&context->numbers, segment->base + i, slot_generation(word));
    }
    handle_numbers_give(&context->numbers, segment->base, segment->geometry.count);
}

void registry_unlink(struct context *context, struct segment *segment) {
    if (segment->filling) {
        segment->unlink_pending = true;
        return;
    }
    end_lease(segment);
    pool_remove(registry_pool(context, segment), segment);
    handle_table_remove(table_of(context, segment), segment->base, segment->geometry.count, segment);
    if (is_owned(segment)) give_numbers_back(context, segment);
    take_out(&context->registry, segment);
    segment->peer = NULL;
    segment->next = context->registry.draining;
    context->registry.draining = segment;
    atomic_store(&segment->draining, true);
}

/* No thread that is inside can still lock one of them; those without views can be closed when all have come out again.
 */
void registry_reclaim(struct context *context) {
    struct segment *closing = NULL;
    if (context->registry.draining == NULL) return;
    reader_synchronize(context);
    for (struct segment **place = &context->registry.draining; *place != NULL;) {
        struct segment *segment = *place;
        if (segment_has_views(segment)) {
            place = &segment->next;
            continue;
        }
        *place = segment->next;
        remove_spans(context, segment);
        segment->next = closing;
        closing = segment;
    }
    if (closing != NULL) reader_synchronize(context);
    while (closing != NULL) {
        struct segment *segment = closing;
        closing = segment->next;
        segment_close(segment);
    }
}

void registry_retire(struct context *context, struct segment *segment) {
    if (segment->filling) {
        segment->unlink_pending = true;
        return;
    }
    end_lease(segment);
    pool_remove(registry_pool(context, segment), segment);
    reader_synchronize(context);
    for (uint32_t i = 0; i < segment->geometry.count; i++)
        slot_retire(&segment->words[i]);
    segment->retired = true;
    if (!segment_is_live(segment)) registry_unlink(context, segment);
}

void registry_retire_connection(struct context *context, uint64_t connection) {
    for (struct segment *segment = context->registry.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (segment->role == SEGMENT_TAKEN && segment->connection == connection) registry_retire(context, segment);
    }
    registry_reclaim(context);
}

void registry_unlink_peer(struct context *context, const struct peer *peer) {
    for (struct segment *segment = context->registry.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (segment->peer == peer) registry_unlink(context, segment);
    }
    registry_reclaim(context);
}

/* Handles of this process end: for everybody who knows their words. */
void registry_unlink_all(struct context *context) {
    for (struct segment *segment = context->registry.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        for (uint32_t i = 0; is_owned(segment) && i < segment->geometry.count; i++) {
            slot_retire(&segment->words[i]);
            (void)atomic_fetch_and(&segment->words[i], ~SLOT_LIVE);
        }
        registry_unlink(context, segment);
    }
    registry_reclaim(context);
}
