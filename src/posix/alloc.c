/*
 * alloc: fill a slot and give it its handle. Part of the backend's contract.
 *
 * The fast path takes a slot of a segment that this thread has on lease: no lock, no system call. When there is none,
 * the slow path finds or makes a segment and the fast path is tried again. A block with a segment of its own is filled
 * outside the gate, as that may take long; the segment is marked while it is.
 */
#include <string.h>

#include "answers.h"
#include "failure.h"
#include "remote.h"
#include "world.h"

/* A fresh segment can be revoked before its first slot is used; not again and again. */
#define TRIES 8

struct request {
    const void *data;
    uint64_t size;
    shs_pid owner;
    uint32_t class;
};

static void fill(struct segment *segment, uint32_t slot, const struct request *request) {
    unsigned char *place = atomic_load(&segment->data) + slot * segment->geometry.stride;
    if (request->size == 0) return;
    if (request->data != NULL)
        memcpy(place, request->data, (size_t)request->size);
    else
        memset(place, 0, (size_t)request->size);
}

/* ---- the fast path, inside a gate ---- */

static bool is_reachable(struct world *world, shs_pid owner) {
    if (owner == world->pid) return true;
    const struct peer *peer = peer_find(&world->peers, owner);
    return peer != NULL && peer_is_alive(peer);
}

static bool alloc_from_lease(struct thread *thread, const struct request *request, shs_handle *handle) {
    struct lease *lease = thread_lease(thread, request->owner, request->class);
    struct segment *segment = atomic_load(&lease->segment);
    uint32_t slot, word, generation;
    if (segment == NULL || lease->owner != request->owner || lease->class != request->class) return false;
    if (!is_reachable(thread->world, request->owner) || !pool_take(segment, &slot, &word)) return false;
    fill(segment, slot, request);
    segment_set_size(segment, slot, request->size);
    if (!slot_publish(&segment->words[slot], word, &generation)) return false;
    *handle = handle_make(segment->base + slot, generation);
    return true;
}

/* ---- the slow path: a lease ---- */

/* Under the world's lock. */
static void give_lease(struct world *world, struct thread *thread, struct segment *segment) {
    struct lease *lease = thread_lease(thread, segment->owner, segment->class);
    struct segment *before = atomic_load(&lease->segment);
    if (before != NULL) pool_rest(holdings_pool(world, before), before);
    lease->owner = segment->owner;
    lease->class = segment->class;
    segment->lessee = thread;
    segment->cursor = segment->vacant = 0;
    atomic_store(&lease->segment, segment);
}

/* A segment that rests, where there is one. */
static bool lease_resting(struct world *world, struct thread *thread, struct pool *pool,
                          const struct request *request) {
    (void)pthread_mutex_lock(&world->lock);
    struct segment *segment = pool_wake(pool, request->class);
    if (segment != NULL) give_lease(world, thread, segment);
    (void)pthread_mutex_unlock(&world->lock);
    return segment != NULL;
}

/* A new segment, found by its handles from now on: on lease, or marked as being filled. */
static shs_status take_in(struct world *world, struct thread *thread, struct pool *pool, struct segment *segment,
                          uint32_t class) {
    const bool own = segment->role == SEGMENT_OWN;
    (void)pthread_mutex_lock(&world->lock);
    segment->class = class;
    segment->filling = class == CLASS_SINGLE;
    const shs_status status = own ? answers_take_in(world, segment) : holdings_add(world, segment);
    if (status == SHS_OK) {
        pool_add(pool, segment);
        if (class != CLASS_SINGLE) give_lease(world, thread, segment);
    }
    (void)pthread_mutex_unlock(&world->lock);
    return status;
}

/* Make a segment of this shape, with the block in it where it is a single one. peer is NULL for this process itself. */
static shs_status make_segment(struct world *world, struct peer *peer, const struct geometry *geometry,
                               const struct request *request, deadline until, struct segment **segment) {
    const bool single = request->class == CLASS_SINGLE;
    const deadline began = clock_now();
    int fd;
    const shs_status status = segment_make(geometry, single ? request->data : NULL, single ? request->size : 0, &fd);
    if (status != SHS_OK) return status;
    const deadline later = until + (clock_now() - began); /* filling gigabytes is not waiting for a peer */
    if (peer != NULL) return remote_offer(world, peer, geometry, fd, later, segment);
    const shs_status opened = segment_open(geometry, SEGMENT_OWN, true, fd, fd, segment);
    if (opened == SHS_OK) (*segment)->giver = world->pid;
    return opened;
}

/* The owner may have few numbers left: then smaller segments do. */
static shs_status try_to_grow(struct world *world, struct thread *thread, struct peer *peer,
                              const struct request *request, deadline until, struct segment **segment) {
    struct pool *pool = peer == NULL ? &world->pool : &peer->pool;
    struct geometry geometry;
    shs_status status = SHS_E_LIMIT;
    (void)pthread_mutex_lock(&world->lock);
    const bool possible = pool_shape(pool, request->class, request->size, &geometry);
    if (possible) holdings_trim(world, segment_extent(&geometry));
    (void)pthread_mutex_unlock(&world->lock);
    if (!possible) return refusal(SHS_E_NO_MEMORY);
    for (; status == SHS_E_LIMIT && geometry.count > 0; geometry.count /= 2) {
        geometry.offset = segment_head(geometry.count);
        status = make_segment(world, peer, &geometry, request, until, segment);
        if (status != SHS_OK) continue;
        const uint32_t base = (*segment)->base;
        status = take_in(world, thread, pool, *segment, request->class);
        if (status != SHS_OK && peer != NULL) remote_retire(world, peer, base);
    }
    return status;
}

/* What is kept for blocks of other sizes may be what this one lacks. */
static shs_status grow(struct world *world, struct thread *thread, struct peer *peer, const struct request *request,
                       deadline until, struct segment **segment) {
    const shs_status status = try_to_grow(world, thread, peer, request, until, segment);
    if (status != SHS_E_LIMIT && status != SHS_E_NO_MEMORY) return status;
    (void)pthread_mutex_lock(&world->lock);
    holdings_give_back(world, peer);
    (void)pthread_mutex_unlock(&world->lock);
    return try_to_grow(world, thread, peer, request, until, segment);
}

static shs_status refill_own(struct world *world, struct thread *thread, const struct request *request,
                             deadline until) {
    struct segment *segment;
    (void)world_attach(world); /* blocks of its own work without */
    if (lease_resting(world, thread, &world->pool, request)) return SHS_OK;
    return grow(world, thread, NULL, request, until, &segment);
}

/* What rests is leased without a turn with the peer, and without a system call. */
static bool lease_resting_peer(struct world *world, struct thread *thread, const struct request *request) {
    struct peer *peer = peer_hold(world, request->owner);
    if (peer == NULL) return false;
    const bool leased = lease_resting(world, thread, &peer->pool, request);
    peer_let_go(world, peer);
    return leased;
}

static shs_status refill_peer(struct world *world, struct thread *thread, const struct request *request,
                              deadline until) {
    struct segment *segment;
    struct peer *peer;
    (void)world_attach(world);
    if (lease_resting_peer(world, thread, request)) return SHS_OK;
    shs_status status = peer_reach(world, request->owner, until, &peer);
    if (status != SHS_OK) return status;
    if (!lease_resting(world, thread, &peer->pool, request))
        status = grow(world, thread, peer, request, until, &segment);
    peer_done(world, peer);
    /* a connection that was gone is reached anew by the next try */
    return status == SHS_E_NOT_ATTACHED ? SHS_OK : status;
}

static shs_status alloc_shared(const struct request *request, shs_handle *handle) {
    deadline until = 0;
    for (int tries = 0; tries < TRIES; tries++) {
        struct thread *thread = world_enter();
        if (thread == NULL) return refusal(SHS_E_NO_MEMORY);
        const bool done = alloc_from_lease(thread, request, handle);
        thread_leave(thread);
        if (done) return SHS_OK;
        struct world *world = thread->world;
        if (until == 0) until = world_deadline(world);
        const shs_status status = request->owner == world->pid ? refill_own(world, thread, request, until)
                                                               : refill_peer(world, thread, request, until);
        if (status != SHS_OK) return status;
    }
    return refusal(SHS_E_PROTOCOL);
}

/* ---- a segment for one block ---- */

static shs_status publish_single(struct world *world, struct segment *segment, uint64_t size, shs_handle *handle) {
    uint32_t generation = 0;
    segment_set_size(segment, 0, size);
    const uint32_t word = atomic_load(&segment->words[0]);
    const bool published = slot_is_vacant(word) && slot_publish(&segment->words[0], word, &generation);
    if (published) *handle = handle_make(segment->base, generation);
    (void)pthread_mutex_lock(&world->lock);
    segment->filling = false;
    if (segment->forsaken) {
        holdings_forget(world, segment);
        holdings_settle(world);
    }
    (void)pthread_mutex_unlock(&world->lock);
    return published ? SHS_OK : SHS_E_NOT_ATTACHED;
}

/* Use a segment again that was freed. SHS_E_NOT_ATTACHED: there is none. */
static shs_status reuse_single(struct world *world, struct pool *pool, const struct request *request,
                               shs_handle *handle) {
    (void)pthread_mutex_lock(&world->lock);
    struct segment *segment = pool_wake_single(pool, request->size);
    (void)pthread_mutex_unlock(&world->lock);
    if (segment == NULL) return SHS_E_NOT_ATTACHED;
    fill(segment, 0, request);
    return publish_single(world, segment, request->size, handle);
}

static shs_status make_single(struct world *world, struct thread *thread, struct peer *peer,
                              const struct request *request, deadline until, shs_handle *handle) {
    struct segment *segment;
    const shs_status status = grow(world, thread, peer, request, until, &segment);
    return status == SHS_OK ? publish_single(world, segment, request->size, handle) : status;
}

static shs_status alloc_single_own(struct world *world, struct thread *thread, const struct request *request,
                                   shs_handle *handle) {
    (void)world_attach(world);
    const shs_status status = reuse_single(world, &world->pool, request, handle);
    if (status != SHS_E_NOT_ATTACHED) return status;
    return make_single(world, thread, NULL, request, world_deadline(world), handle);
}

/* What is there already needs no turn with the peer: several threads fill blocks for it at once. */
static shs_status reuse_single_peer(struct world *world, const struct request *request, shs_handle *handle) {
    struct peer *peer = peer_hold(world, request->owner);
    if (peer == NULL) return SHS_E_NOT_ATTACHED;
    const shs_status status = reuse_single(world, &peer->pool, request, handle);
    peer_let_go(world, peer);
    return status;
}

static shs_status alloc_single_peer(struct world *world, struct thread *thread, const struct request *request,
                                    shs_handle *handle) {
    (void)world_attach(world);
    shs_status status = reuse_single_peer(world, request, handle);
    const deadline until = world_deadline(world);
    for (int tries = 0; tries < TRIES && status == SHS_E_NOT_ATTACHED; tries++) {
        struct peer *peer;
        status = peer_reach(world, request->owner, until, &peer);
        if (status != SHS_OK) return status;
        status = make_single(world, thread, peer, request, until, handle);
        peer_done(world, peer);
    }
    return status;
}

static shs_status alloc_single(const struct request *request, shs_handle *handle) {
    struct thread *thread = world_enter();
    if (thread == NULL) return refusal(SHS_E_NO_MEMORY);
    thread_leave(thread);
    struct world *world = thread->world;
    return request->owner == world->pid ? alloc_single_own(world, thread, request, handle)
                                        : alloc_single_peer(world, thread, request, handle);
}

shs_status backend_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    const struct world *world = world_open();
    if (world == NULL) return refusal(SHS_E_NO_MEMORY);
    const struct request request = { data, size, owner, pool_class(size, atomic_load(&world->own_pages)) };
    return request.class == CLASS_SINGLE ? alloc_single(&request, handle) : alloc_shared(&request, handle);
}
