/*
 * Holdings: what is mapped, found, forgotten and closed. See holdings.h; sweep.c decides what nobody uses.
 */
#include "holdings.h"

#include <sys/resource.h>

#include "failure.h"
#include "object.h"
#include "world.h"

/* Each is three mappings; a process that reaches the system's limit (65,530) cannot even start a thread. */
#define SEGMENTS_MOST 8192u
/* Of the soft limit for descriptors: the rest is the application's. */
#define DESCRIPTORS_SHARE 2u

struct pool *holdings_pool(struct world *world, const struct segment *segment) {
    return segment->peer == NULL ? &world->pool : &segment->peer->pool;
}

static struct handle_table *table_of(struct world *world, const struct segment *segment) {
    return segment->peer == NULL ? &world->own : &segment->peer->known;
}

static bool is_owned(const struct segment *segment) {
    return segment->role == SEGMENT_OWN || segment->role == SEGMENT_TAKEN;
}

static uint32_t descriptors_of(const struct segment *segment) {
    if (!is_owned(segment)) return 0;
    return segment->words_fd == segment->data_fd ? 1 : 2;
}

bool holdings_have_room(const struct world *world, const struct segment *segment) {
    const struct holdings *holdings = &world->holdings;
    const uint32_t descriptors = descriptors_of(segment);
    struct rlimit limit;
    if (holdings->count >= SEGMENTS_MOST) return false;
    if (descriptors == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return true;
    return holdings->descriptors + descriptors <= limit.rlim_cur / DESCRIPTORS_SHARE;
}

/* Views of a single block start at one address; those of a shared segment anywhere in it. */
static struct segment_span findable(const struct segment *segment, struct segment_span span) {
    if (segment->geometry.count == 1 && span.length > object_page()) span.length = object_page();
    return span;
}

static bool put_span(struct world *world, struct segment *segment, shs_access access) {
    const struct segment_span span = findable(segment, segment_span(segment, access));
    return span.length == 0 || view_put(&world->views, span.address, span.length, segment);
}

static void remove_span(struct world *world, struct segment *segment, shs_access access) {
    const struct segment_span span = findable(segment, segment_span(segment, access));
    if (span.length != 0) view_remove(&world->views, span.address, span.length);
}

static void remove_spans(struct world *world, struct segment *segment) {
    remove_span(world, segment, SHS_READ);
    remove_span(world, segment, SHS_READ_WRITE);
}

static void append(struct world *world, struct segment *segment) {
    struct holdings *holdings = &world->holdings;
    if (holdings->count == 0) agent_hasten(world);
    segment->next = NULL;
    segment->previous = holdings->last;
    if (holdings->last == NULL)
        holdings->first = segment;
    else
        holdings->last->next = segment;
    holdings->last = segment;
    holdings->count++;
    holdings->descriptors += descriptors_of(segment);
}

static void take_out(struct holdings *holdings, struct segment *segment) {
    *(segment->previous == NULL ? &holdings->first : &segment->previous->next) = segment->next;
    *(segment->next == NULL ? &holdings->last : &segment->next->previous) = segment->previous;
    holdings->count--;
    holdings->descriptors -= descriptors_of(segment);
}

shs_status holdings_add(struct world *world, struct segment *segment) {
    shs_status status = SHS_OK;
    if (!holdings_have_room(world, segment))
        status = refusal(SHS_E_LIMIT);
    else if (!put_span(world, segment, SHS_READ) || !put_span(world, segment, SHS_READ_WRITE) ||
             !handle_put(table_of(world, segment), segment->base, segment->geometry.count, segment))
        status = refusal(SHS_E_NO_MEMORY);
    if (status == SHS_OK) {
        append(world, segment);
    } else {
        remove_spans(world, segment);
        segment_close(segment);
    }
    return status;
}

shs_status holdings_add_reading(struct world *world, struct segment *segment) {
    unsigned char *first;
    if (atomic_load(&segment->data_reading) != NULL) return SHS_OK;
    const shs_status status = segment_map_reading(segment, &first);
    if (status != SHS_OK) return status;
    const struct segment_span whole = segment_span_at(segment, first), span = findable(segment, whole);
    if (!view_put(&world->views, span.address, span.length, segment)) {
        object_unmap((void *)whole.address, whole.length);
        return refusal(SHS_E_NO_MEMORY);
    }
    segment_show_reading(segment, first); /* last: a view that is locked there must be found when it is unlocked */
    return SHS_OK;
}

static void end_lease(struct segment *segment) {
    for (int i = 0; segment->lessee != NULL && i < LEASES; i++) {
        struct lease *lease = &segment->lessee->leases[i];
        if (atomic_load(&lease->segment) == segment) atomic_store(&lease->segment, NULL);
    }
    segment->lessee = NULL;
}

/* The numbers can lead to another segment now, whose generations go on from here. */
static void give_numbers_back(struct world *world, const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t word = atomic_load_explicit(&segment->words[i], memory_order_relaxed);
        numbers_remember(&world->numbers, segment->base + i, slot_generation(word));
    }
    numbers_give(&world->numbers, segment->base, segment->geometry.count);
}

void holdings_forget(struct world *world, struct segment *segment) {
    if (segment->filling) {
        segment->forsaken = true;
        return;
    }
    end_lease(segment);
    pool_remove(holdings_pool(world, segment), segment);
    handle_remove(table_of(world, segment), segment->base, segment->geometry.count, segment);
    if (is_owned(segment)) give_numbers_back(world, segment);
    take_out(&world->holdings, segment);
    segment->peer = NULL;
    segment->next = world->holdings.leaving;
    world->holdings.leaving = segment;
    atomic_store(&segment->leaving, true);
}

/* No thread that is inside can still lock one of them; those without views can be closed when all have come out again.
 */
void holdings_settle(struct world *world) {
    struct segment *closing = NULL;
    if (world->holdings.leaving == NULL) return;
    thread_wait(world);
    for (struct segment **place = &world->holdings.leaving; *place != NULL;) {
        struct segment *segment = *place;
        if (segment_is_pinned(segment)) {
            place = &segment->next;
            continue;
        }
        *place = segment->next;
        remove_spans(world, segment);
        segment->next = closing;
        closing = segment;
    }
    if (closing != NULL) thread_wait(world);
    while (closing != NULL) {
        struct segment *segment = closing;
        closing = segment->next;
        segment_close(segment);
    }
}

void holdings_revoke(struct world *world, struct segment *segment) {
    if (segment->filling) {
        segment->forsaken = true;
        return;
    }
    end_lease(segment);
    pool_remove(holdings_pool(world, segment), segment);
    thread_wait(world);
    for (uint32_t i = 0; i < segment->geometry.count; i++)
        slot_spend(&segment->words[i]);
    segment->revoked = true;
    if (!segment_is_live(segment)) holdings_forget(world, segment);
}

void holdings_revoke_link(struct world *world, uint64_t link) {
    for (struct segment *segment = world->holdings.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (segment->role == SEGMENT_TAKEN && segment->link == link) holdings_revoke(world, segment);
    }
    holdings_settle(world);
}

void holdings_forget_peer(struct world *world, const struct peer *peer) {
    for (struct segment *segment = world->holdings.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        if (segment->peer == peer) holdings_forget(world, segment);
    }
    holdings_settle(world);
}

/* Handles of this process end: for everybody who knows their words. */
void holdings_forget_all(struct world *world) {
    for (struct segment *segment = world->holdings.first, *next; segment != NULL; segment = next) {
        next = segment->next;
        for (uint32_t i = 0; is_owned(segment) && i < segment->geometry.count; i++) {
            slot_spend(&segment->words[i]);
            (void)atomic_fetch_and(&segment->words[i], ~SLOT_LIVE);
        }
        holdings_forget(world, segment);
    }
    holdings_settle(world);
}
