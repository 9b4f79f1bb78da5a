/*
 * alloc: fill a slot and give it its handle. Part of the contract (src/backend.h).
 *
 * The fast path takes a slot of a segment that this thread has on lease: inside its reader, no lock, no system call.
 * When there is none, the slow path finds or makes a segment, which it holds until the block is there: so nobody takes
 * it away meanwhile, and it can be filled outside the reader. Then the thread has it on lease. How a segment is made is
 * in client/new_segment.c.
 */
#include <string.h>

#include "attach.h"
#include "backend.h"
#include "block/view_count.h"
#include "client/client.h"
#include "client/new_segment.h"
#include "os/errno_status.h"
#include "os/first_touch.h"
#include "state/context.h"

/* A block on its way. */
struct allocation {
    struct contents contents;
    shs_pid owner;
    uint32_t size_class;
    struct context *context;
    struct thread *thread;
    struct waiting wait; /* from the first slow step on */
    shs_handle *handle;  /* written when it is there */
    void **view;         /* the same, of a block that is filled by its caller; NULL where data says what it holds */
    shs_status status;   /* why it was refused */
};

enum outcome {
    ALLOCATED,
    NOT_YET, /* there was nothing to use, or its owner retired it: go on */
    REFUSED
};

static enum outcome refuse(struct allocation *a, shs_status status) {
    a->status = status;
    return REFUSED;
}

static void fill(struct segment *segment, uint32_t slot, const struct allocation *a) {
    unsigned char *place = atomic_load(&segment->data) + slot * segment->geometry.stride;
    const struct contents *contents = &a->contents;
    const size_t copied = contents->data == NULL ? 0 : contents->size;
    if (a->view != NULL) return;
    if (copied > 0) memcpy(place, contents->data, copied);
    if (copied < contents->room) memset(place + copied, 0, contents->room - copied);
}

/* Fill the next slot of a segment in which this thread alone allocates. False when there is none. */
static inline bool alloc_from(const struct allocation *a, struct segment *segment) {
    uint32_t slot, word;
    if (!shs__pool_take(segment, &slot, &word)) return false;
    fill(segment, slot, a);
    shs__segment_set_size(segment, slot, a->contents.size);
    return shs__view_publish(segment, slot, word, a->view, a->handle);
}

/* ---- the fast path, inside the reader ---- */

static inline bool is_reachable(struct context *context, shs_pid owner) {
    if (owner == context->pid) return true;
    const struct peer *peer = shs__peer_find(&context->peers, owner);
    return peer != NULL && shs__peer_is_alive(peer);
}

static inline bool alloc_from_lease(const struct allocation *a) {
    struct lease *lease = thread_lease(a->thread, a->owner, a->size_class);
    struct segment *segment = atomic_load(&lease->segment);
    if (segment == NULL || lease->owner != a->owner) return false; /* its classes have a place each */
    return is_reachable(a->context, a->owner) && alloc_from(a, segment);
}

/* ---- a lease ---- */

/* Under the lock. What the thread had at this place goes back to its pool. The spare thread is many threads', each of
 * which reads its leases without the lock: it gets none. */
static void give_lease(struct thread *thread, struct segment *segment) {
    if (thread->is_spare) {
        shs__pool_put(segment);
        return;
    }
    struct lease *lease = thread_lease(thread, segment->owner, segment->size_class);
    struct segment *before = atomic_load(&lease->segment);
    if (before != NULL) shs__pool_put(before);
    lease->owner = segment->owner;
    segment->leaseholder = thread;
    atomic_store(&lease->segment, segment);
}

/* The block comes first: what is on lease and holds no block can be given up at any time. */
static enum outcome alloc_and_lease(const struct allocation *a, struct segment *segment) {
    segment->cursor = segment->vacant = 0;
    const bool done = alloc_from(a, segment);
    context_lock(a->context);
    give_lease(a->thread, segment);
    shs__registry_end_hold(a->context, segment);
    context_unlock(a->context);
    context_reclaim(a->context);
    return done ? ALLOCATED : NOT_YET;
}

static enum outcome alloc_pooled(const struct allocation *a, struct pool *pool) {
    context_lock(a->context);
    struct segment *segment = shs__pool_get(pool, a->size_class);
    if (segment != NULL) segment->holds++;
    context_unlock(a->context);
    return segment == NULL ? NOT_YET : alloc_and_lease(a, segment);
}

/* ---- the last free places ---- */

/* Under the lock. What this thread has on lease is not in the pool. */
static void put_leases_back(struct thread *thread, const struct pool *pool) {
    for (int i = 0; i < LEASES; i++) {
        struct segment *segment = atomic_load(&thread->leases[i].segment);
        if (segment == NULL || segment->pool != pool) continue;
        atomic_store(&thread->leases[i].segment, NULL);
        shs__pool_put(segment);
    }
}

/* A segment in which a block has room, however little of it. */
struct remainder {
    const struct pool *pool;
    uint32_t size_class;
    struct segment *found;
};

static bool find_remainder(struct context *context, struct segment *segment, void *argument) {
    struct remainder *remainder = argument;
    (void)context;
    if (segment->pool != remainder->pool || !segment->pooled || segment->size_class == CLASS_SINGLE) return true;
    if (segment->size_class < remainder->size_class || !shs__segment_has_room(segment)) return true;
    shs__pool_remove(segment);
    segment->holds++;
    remainder->found = segment;
    return false;
}

/* No segment can be added: a single place that is free in one of those that are there will do, though it takes long to
 * find. What other threads have on lease is theirs. */
static enum outcome alloc_remainder(struct allocation *a, struct pool *pool) {
    struct remainder remainder = { pool, a->size_class, NULL };
    if (a->size_class == CLASS_SINGLE) return NOT_YET;
    context_lock(a->context);
    put_leases_back(a->thread, pool);
    context_unlock(a->context);
    shs__registry_each(a->context, find_remainder, &remainder);
    return remainder.found == NULL ? NOT_YET : alloc_and_lease(a, remainder.found);
}

/* ---- a single block ---- */

static enum outcome publish_single(struct allocation *a, struct segment *segment) {
    shs__segment_set_size(segment, 0, a->contents.size);
    uint32_t word;
    const bool published =
        shs__segment_is_vacant(segment, 0, &word) && shs__view_publish(segment, 0, word, a->view, a->handle);
    shs__registry_let_go(a->context, segment);
    return published ? ALLOCATED : NOT_YET;
}

/* One that is filled by its caller is touched for the first time. */
static enum outcome publish_new(struct allocation *a, struct segment *segment) {
    if (a->view != NULL) shs__first_touch_written(atomic_load(&segment->data), a->contents.room);
    return publish_single(a, segment);
}

/* Whoever sees the block sees all of its pages: of the one that was there before nothing is left. */
static void clear(struct segment *segment, const struct allocation *a) {
    const uint64_t kept = a->contents.data == NULL ? 0 : a->contents.size;
    memset(atomic_load(&segment->data) + kept, 0, (size_t)(segment->geometry.stride - kept));
}

/* Use a segment again whose block was freed. */
static enum outcome reuse_single(struct allocation *a, struct pool *pool) {
    context_lock(a->context);
    struct segment *segment = shs__pool_get_single(pool, a->contents.room);
    context_unlock(a->context);
    if (segment == NULL) return NOT_YET;
    if (data_is_apart(segment->geometry.offset)) clear(segment, a);
    fill(segment, 0, a);
    return publish_single(a, segment);
}

/* ---- the slow path ---- */

static enum outcome use_pool(struct allocation *a, struct pool *pool) {
    return a->size_class == CLASS_SINGLE ? reuse_single(a, pool) : alloc_pooled(a, pool);
}

/* What is pooled is used without a turn with the peer, and without a system call. */
static enum outcome with_pool(struct allocation *a, enum outcome (*use)(struct allocation *a, struct pool *pool)) {
    if (a->owner == a->context->pid) return use(a, &a->context->pool);
    struct peer *peer = shs__peer_get(a->thread, a->owner);
    if (peer == NULL) return NOT_YET;
    const enum outcome outcome = use(a, &peer->pool);
    shs__peer_put(a->context, peer);
    return outcome;
}

static enum outcome use_new(struct allocation *a) {
    struct want want = { a->context, a->owner, a->size_class, a->contents, a->wait };
    struct segment *segment;
    const shs_status status = shs__new_segment(&want, &segment);
    a->wait = want.wait;
    if (status == SHS_E_LIMIT && with_pool(a, alloc_remainder) == ALLOCATED) return ALLOCATED;
    if (status != SHS_OK) return refuse(a, status);
    struct peer *peer = segment->peer;
    const enum outcome outcome = a->size_class == CLASS_SINGLE ? publish_new(a, segment) : alloc_and_lease(a, segment);
    if (peer != NULL) shs__peer_put(a->context, peer);
    return outcome;
}

/* Nothing is made for a process that is not there. */
static enum outcome try_slowly(struct allocation *a) {
    if (with_pool(a, use_pool) == ALLOCATED) return ALLOCATED;
    const bool own = a->owner == a->context->pid;
    shs_status status = own ? SHS_OK : shs__client_reach(a->context, a->owner, &a->wait);
    if (status != SHS_OK) status = shs__client_await_starting(a->context, a->owner, status, &a->wait);
    return status == SHS_OK ? use_new(a) : refuse(a, status);
}

/* ---- the contract ---- */

static bool try_fast(struct allocation *a) {
    a->thread = context_enter();
    if (a->thread == NULL) return false;
    a->context = a->thread->context;
    a->size_class =
        shs__pool_class(a->contents.room, atomic_load_explicit(&a->context->own_pages, memory_order_relaxed));
    const bool done = a->size_class != CLASS_SINGLE && alloc_from_lease(a);
    thread_leave(a->thread);
    return done;
}

/* Blocks of its own work in a process that nobody can reach; but not beside another copy of the library, which is the
 * one that others ask. An owner can retire a fresh segment before its first slot is used, when numbers or connections
 * are scarce: that ends. */
static shs_status alloc_slowly(struct allocation *a) {
    const shs_status attached = shs__attach(a->context);
    if (attached == SHS_E_UNSUPPORTED && a->owner == a->context->pid) return status_local(attached);
    a->wait = shs__context_wait(a->context);
    uint32_t pause = 0;
    do {
        const enum outcome outcome = try_slowly(a);
        if (outcome == REFUSED) return a->status;
        if (outcome == ALLOCATED) return SHS_OK;
    } while (shs__wait_pause(&a->wait, &pause) == SHS_OK);
    return status_local(SHS_E_LIMIT); /* whatever was made was taken away again */
}

/* What the fast path does not need is not set for it. */
static shs_status allocate(const struct contents *contents, shs_pid owner, shs_handle *handle, void **view) {
    struct allocation a;
    a.contents = *contents;
    a.owner = owner;
    a.handle = handle;
    a.view = view;
    if (try_fast(&a)) return SHS_OK;
    return a.thread == NULL ? status_local(SHS_E_NO_MEMORY) : alloc_slowly(&a);
}

shs_status shs__backend_alloc(const struct contents *contents, shs_pid owner, shs_handle *handle) {
    return allocate(contents, owner, handle, NULL);
}

shs_status shs__backend_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    const struct contents unfilled = { NULL, size, size };
    return allocate(&unfilled, owner, handle, view);
}
