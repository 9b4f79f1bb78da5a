/*
 * alloc: fill a slot and give it its handle. Part of the contract (src/backend.h).
 *
 * The fast path takes a slot of a segment that this thread has on lease: inside its reader, no lock, no system call.
 * When there is none, the slow path finds or makes a segment, which it holds until the block is there: so nobody takes
 * it away meanwhile, and it can be filled outside the reader. Then the thread has it on lease.
 */
#include <string.h>

#include "attach.h"
#include "backend.h"
#include "block/view_count.h"
#include "client/client.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "state/context.h"
#include "state/peer_call.h"
#include "state/trim.h"

/* An owner can retire a fresh segment before its first slot is used, when numbers are scarce; not again and again. */
#define TRIES 8

/* A block on its way. */
struct allocation {
    const void *data;
    uint64_t size;
    shs_pid owner;
    uint32_t size_class;
    struct context *context;
    struct thread *thread;
    struct wait wait;   /* from the first slow step on */
    shs_handle *handle; /* written when it is there */
    void **view;        /* the same, of a block that is filled by its caller; NULL where data says what it holds */
    shs_status status;  /* why it was refused */
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
    if (a->size == 0 || a->view != NULL) return;
    if (a->data != NULL)
        memcpy(place, a->data, (size_t)a->size);
    else
        memset(place, 0, (size_t)a->size);
}

/* Fill the next slot of a segment in which this thread alone allocates. False when there is none. */
static inline bool alloc_from(const struct allocation *a, struct segment *segment) {
    uint32_t slot, word;
    if (!shs__pool_take(segment, &slot, &word)) return false;
    fill(segment, slot, a);
    shs__segment_set_size(segment, slot, a->size);
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
    if (segment == NULL || lease->owner != a->owner || lease->size_class != a->size_class) return false;
    return is_reachable(a->context, a->owner) && alloc_from(a, segment);
}

/* ---- new segments ---- */

/* Make a segment of this shape, with the block in it where it is a single one, and have the owner take it: the peer
 * with which this thread has a turn, or, with NULL, this process. Filling gigabytes is not waiting for a peer. */
static shs_status make_segment(struct allocation *a, struct peer *peer, const struct geometry *geometry,
                               struct segment **segment) {
    const bool single = a->size_class == CLASS_SINGLE;
    const moment began = clock_now();
    int fd;
    shs_status status = shs__segment_make_object(geometry, single ? a->data : NULL, single ? a->size : 0, &fd);
    if (status != SHS_OK) return status;
    a->wait.until += clock_now() - began;
    if (peer != NULL) {
        const struct offer offer = { peer, *geometry, fd };
        return shs__client_add_segment(a->context, &offer, &a->wait, segment);
    }
    const struct segment_source source = { *geometry, SEGMENT_OWN, true, fd, fd };
    status = shs__segment_open(&source, segment);
    if (status == SHS_OK) (*segment)->giver = a->context->pid;
    return status;
}

static shs_status register_given(struct context *context, struct peer *peer, struct segment *segment) {
    context_lock(context);
    const shs_status status = shs__registry_add(context, segment, &peer->known);
    context_unlock(context);
    if (status == SHS_OK) return SHS_OK;
    shs__client_release_segment(context, peer, segment->base);
    shs__segment_close(segment);
    return status;
}

/* Let its handles lead to it. It is held until the block is there. */
static shs_status register_segment(const struct allocation *a, struct peer *peer, struct segment *segment) {
    struct context *context = a->context;
    segment->size_class = a->size_class;
    segment->holds = 1;
    const shs_status status =
        peer == NULL ? shs__owner_register(context, segment) : register_given(context, peer, segment);
    if (status != SHS_OK) return status;
    context_lock(context);
    shs__pool_add(peer == NULL ? &context->pool : &peer->pool, segment);
    context_unlock(context);
    return SHS_OK;
}

static bool next_shape(const struct allocation *a, struct peer *peer, struct geometry *geometry) {
    struct context *context = a->context;
    context_lock(context);
    const struct pool *pool = peer == NULL ? &context->pool : &peer->pool;
    const bool possible = shs__pool_shape(pool, a->size_class, a->size, geometry);
    context_unlock(context);
    return possible;
}

/* The owner may have few numbers left: then smaller segments do. */
static shs_status try_to_grow(struct allocation *a, struct peer *peer, struct segment **segment) {
    struct geometry geometry;
    if (!next_shape(a, peer, &geometry)) return status_local(SHS_E_NO_MEMORY);
    for (;;) {
        shs_status status = make_segment(a, peer, &geometry, segment);
        if (status == SHS_OK) status = register_segment(a, peer, *segment);
        if (status != SHS_E_LIMIT || geometry.count == 1) return status;
        geometry.count /= 2;
        geometry.offset = shs__segment_head(geometry.count);
    }
}

/* What is kept for blocks of other sizes may be what this one lacks. */
static shs_status grow(struct allocation *a, struct peer *peer, struct segment **segment) {
    const shs_status status = try_to_grow(a, peer, segment);
    if (status != SHS_E_LIMIT && status != SHS_E_NO_MEMORY) return status;
    shs__trim_unused(a->context);
    return try_to_grow(a, peer, segment);
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
    lease->size_class = segment->size_class;
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
static enum outcome alloc_remainder(const struct allocation *a, const struct pool *pool) {
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
    shs__segment_set_size(segment, 0, a->size);
    uint32_t word;
    const bool published =
        shs__segment_is_vacant(segment, 0, &word) && shs__view_publish(segment, 0, word, a->view, a->handle);
    shs__registry_let_go(a->context, segment);
    return published ? ALLOCATED : NOT_YET;
}

/* Use a segment again whose block was freed. */
static enum outcome reuse_single(struct allocation *a, struct pool *pool) {
    context_lock(a->context);
    struct segment *segment = shs__pool_get_single(pool, a->size);
    context_unlock(a->context);
    if (segment == NULL) return NOT_YET;
    fill(segment, 0, a);
    return publish_single(a, segment);
}

/* ---- the slow path ---- */

static enum outcome use_pool(struct allocation *a, struct pool *pool) {
    return a->size_class == CLASS_SINGLE ? reuse_single(a, pool) : alloc_pooled(a, pool);
}

/* What is pooled is used without a turn with the peer, and without a system call. */
static enum outcome use_pool_peer(struct allocation *a) {
    struct peer *peer = shs__peer_get(a->thread, a->owner);
    if (peer == NULL) return NOT_YET;
    const enum outcome outcome = use_pool(a, &peer->pool);
    shs__peer_put(a->context, peer);
    return outcome;
}

static enum outcome use_new(struct allocation *a, struct peer *peer) {
    struct segment *segment;
    const shs_status status = grow(a, peer, &segment);
    if (status == SHS_E_LIMIT && alloc_remainder(a, peer == NULL ? &a->context->pool : &peer->pool) == ALLOCATED)
        return ALLOCATED;
    if (status != SHS_OK) return refuse(a, status);
    return a->size_class == CLASS_SINGLE ? publish_single(a, segment) : alloc_and_lease(a, segment);
}

static enum outcome slow_own(struct allocation *a) {
    return use_pool(a, &a->context->pool) == ALLOCATED ? ALLOCATED : use_new(a, NULL);
}

/* In a turn with the peer; another thread may have made in its own turn what is wanted. */
static enum outcome slow_in_turn(struct allocation *a, struct peer *peer) {
    const bool shares = a->size_class != CLASS_SINGLE;
    return shares && alloc_pooled(a, &peer->pool) == ALLOCATED ? ALLOCATED : use_new(a, peer);
}

static enum outcome slow_peer(struct allocation *a) {
    struct peer *peer;
    if (use_pool_peer(a) == ALLOCATED) return ALLOCATED;
    const shs_status status = shs__peer_begin(a->context, a->owner, &a->wait, &peer);
    if (status != SHS_OK) return refuse(a, status);
    const enum outcome outcome = slow_in_turn(a, peer);
    shs__peer_end(a->context, peer);
    /* a connection that was gone is made anew by the next try */
    return outcome == REFUSED && a->status == SHS_E_NOT_ATTACHED ? NOT_YET : outcome;
}

/* ---- the contract ---- */

static bool try_fast(struct allocation *a) {
    a->thread = context_enter();
    if (a->thread == NULL) return false;
    a->context = a->thread->context;
    a->size_class = shs__pool_class(a->size, atomic_load_explicit(&a->context->own_pages, memory_order_relaxed));
    const bool done = a->size_class != CLASS_SINGLE && alloc_from_lease(a);
    thread_leave(a->thread);
    return done;
}

/* Blocks of its own work in a process that nobody can reach; but not beside another copy of the library, which is the
 * one that others ask. */
static shs_status alloc_slowly(struct allocation *a) {
    const shs_status attached = shs__attach(a->context);
    if (attached == SHS_E_UNSUPPORTED && a->owner == a->context->pid) return status_local(attached);
    a->wait = shs__context_wait(a->context);
    for (int tries = 0; tries < TRIES; tries++) {
        const enum outcome outcome = a->owner == a->context->pid ? slow_own(a) : slow_peer(a);
        if (outcome == REFUSED) return a->status;
        if (outcome == ALLOCATED) return SHS_OK;
    }
    return status_local(SHS_E_LIMIT); /* whatever was made was taken away again */
}

/* What the fast path does not need is not set for it. */
static shs_status allocate(const void *data, uint64_t size, shs_pid owner, shs_handle *handle, void **view) {
    struct allocation a;
    a.data = data;
    a.size = size;
    a.owner = owner;
    a.handle = handle;
    a.view = view;
    if (try_fast(&a)) return SHS_OK;
    return a.thread == NULL ? status_local(SHS_E_NO_MEMORY) : alloc_slowly(&a);
}

shs_status shs__backend_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    return allocate(data, size, owner, handle, NULL);
}

shs_status shs__backend_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    return allocate(NULL, size, owner, handle, view);
}
