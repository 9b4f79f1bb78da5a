/*
 * alloc: fill a slot and give it its handle. Part of the backend's contract.
 *
 * The fast path takes a slot of a segment that this thread has on lease: no lock, no system call. When there is none,
 * the slow path finds or makes a segment and the fast path is tried again. A block with a segment of its own is filled
 * outside the gate, as that may take long; the segment is marked while it is.
 */
#include <string.h>

#include "client/client.h"
#include "os/errno_status.h"
#include "process/context.h"
#include "server/handlers.h"

/* A fresh segment can be revoked before its first slot is used; not again and again. */
#define TRIES 8

struct request {
    const void *data;
    uint64_t size;
    shs_pid owner;
    uint32_t size_class;
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

static bool is_reachable(struct context *context, shs_pid owner) {
    if (owner == context->pid) return true;
    const struct peer *peer = peer_find(&context->peers, owner);
    return peer != NULL && peer_is_alive(peer);
}

static bool alloc_from_lease(struct reader *reader, const struct request *request, shs_handle *handle) {
    struct lease *lease = reader_lease(reader, request->owner, request->size_class);
    struct segment *segment = atomic_load(&lease->segment);
    uint32_t slot, word, generation;
    if (segment == NULL || lease->owner != request->owner || lease->size_class != request->size_class) return false;
    if (!is_reachable(reader->context, request->owner) || !pool_take(segment, &slot, &word)) return false;
    fill(segment, slot, request);
    segment_set_size(segment, slot, request->size);
    if (!slot_publish(&segment->words[slot], word, &generation)) return false;
    *handle = handle_make(segment->base + slot, generation);
    return true;
}

/* ---- the slow path: a lease ---- */

/* Under the world's lock. */
static void give_lease(struct context *context, struct reader *reader, struct segment *segment) {
    struct lease *lease = reader_lease(reader, segment->owner, segment->size_class);
    struct segment *before = atomic_load(&lease->segment);
    if (before != NULL) pool_put(registry_pool(context, before), before);
    lease->owner = segment->owner;
    lease->size_class = segment->size_class;
    segment->leaseholder = reader;
    segment->cursor = segment->vacant = 0;
    atomic_store(&lease->segment, segment);
}

/* A segment that rests, where there is one. */
static bool lease_resting(struct context *context, struct reader *reader, struct pool *pool,
                          const struct request *request) {
    (void)pthread_mutex_lock(&context->lock);
    struct segment *segment = pool_get(pool, request->size_class);
    if (segment != NULL) give_lease(context, reader, segment);
    (void)pthread_mutex_unlock(&context->lock);
    return segment != NULL;
}

/* A new segment, found by its handles from now on: on lease, or marked as being filled. */
static shs_status take_in(struct context *context, struct reader *reader, struct pool *pool, struct segment *segment,
                          uint32_t size_class) {
    const bool own = segment->role == SEGMENT_OWN;
    (void)pthread_mutex_lock(&context->lock);
    segment->size_class = size_class;
    segment->filling = size_class == CLASS_SINGLE;
    const shs_status status = own ? owner_register(context, segment) : registry_add(context, segment);
    if (status == SHS_OK) {
        pool_add(pool, segment);
        if (size_class != CLASS_SINGLE) give_lease(context, reader, segment);
    }
    (void)pthread_mutex_unlock(&context->lock);
    return status;
}

/* Make a segment of this shape, with the block in it where it is a single one. peer is NULL for this process itself. */
static shs_status make_segment(struct context *context, struct peer *peer, const struct geometry *geometry,
                               const struct request *request, deadline until, struct segment **segment) {
    const bool single = request->size_class == CLASS_SINGLE;
    const deadline began = clock_now();
    int fd;
    const shs_status status = segment_make(geometry, single ? request->data : NULL, single ? request->size : 0, &fd);
    if (status != SHS_OK) return status;
    const deadline later = until + (clock_now() - began); /* filling gigabytes is not waiting for a peer */
    if (peer != NULL) return client_add_segment(context, peer, geometry, fd, later, segment);
    const shs_status opened = segment_open(geometry, SEGMENT_OWN, true, fd, fd, segment);
    if (opened == SHS_OK) (*segment)->giver = context->pid;
    return opened;
}

/* The owner may have few numbers left: then smaller segments do. */
static shs_status try_to_grow(struct context *context, struct reader *reader, struct peer *peer,
                              const struct request *request, deadline until, struct segment **segment) {
    struct pool *pool = peer == NULL ? &context->pool : &peer->pool;
    struct geometry geometry;
    shs_status status = SHS_E_LIMIT;
    (void)pthread_mutex_lock(&context->lock);
    const bool possible = pool_shape(pool, request->size_class, request->size, &geometry);
    if (possible) trim_excess(context, segment_extent(&geometry));
    (void)pthread_mutex_unlock(&context->lock);
    if (!possible) return status_local(SHS_E_NO_MEMORY);
    for (; status == SHS_E_LIMIT && geometry.count > 0; geometry.count /= 2) {
        geometry.offset = segment_head(geometry.count);
        status = make_segment(context, peer, &geometry, request, until, segment);
        if (status != SHS_OK) continue;
        const uint32_t base = (*segment)->base;
        status = take_in(context, reader, pool, *segment, request->size_class);
        if (status != SHS_OK && peer != NULL) client_release_segment(context, peer, base);
    }
    return status;
}

/* What is kept for blocks of other sizes may be what this one lacks. */
static shs_status grow(struct context *context, struct reader *reader, struct peer *peer, const struct request *request,
                       deadline until, struct segment **segment) {
    const shs_status status = try_to_grow(context, reader, peer, request, until, segment);
    if (status != SHS_E_LIMIT && status != SHS_E_NO_MEMORY) return status;
    (void)pthread_mutex_lock(&context->lock);
    trim_unused(context, peer);
    (void)pthread_mutex_unlock(&context->lock);
    return try_to_grow(context, reader, peer, request, until, segment);
}

static shs_status refill_own(struct context *context, struct reader *reader, const struct request *request,
                             deadline until) {
    struct segment *segment;
    (void)lifecycle_attach(context); /* blocks of its own work without */
    if (lease_resting(context, reader, &context->pool, request)) return SHS_OK;
    return grow(context, reader, NULL, request, until, &segment);
}

/* What rests is leased without a turn with the peer, and without a system call. */
static bool lease_resting_peer(struct context *context, struct reader *reader, const struct request *request) {
    struct peer *peer = peer_get(context, request->owner);
    if (peer == NULL) return false;
    const bool leased = lease_resting(context, reader, &peer->pool, request);
    peer_put(context, peer);
    return leased;
}

static shs_status refill_peer(struct context *context, struct reader *reader, const struct request *request,
                              deadline until) {
    struct segment *segment;
    struct peer *peer;
    (void)lifecycle_attach(context);
    if (lease_resting_peer(context, reader, request)) return SHS_OK;
    shs_status status = peer_begin(context, request->owner, until, &peer);
    if (status != SHS_OK) return status;
    if (!lease_resting(context, reader, &peer->pool, request))
        status = grow(context, reader, peer, request, until, &segment);
    peer_end(context, peer);
    /* a connection that was gone is reached anew by the next try */
    return status == SHS_E_NOT_ATTACHED ? SHS_OK : status;
}

static shs_status alloc_shared(const struct request *request, shs_handle *handle) {
    deadline until = 0;
    for (int tries = 0; tries < TRIES; tries++) {
        struct reader *reader = context_enter();
        if (reader == NULL) return status_local(SHS_E_NO_MEMORY);
        const bool done = alloc_from_lease(reader, request, handle);
        reader_leave(reader);
        if (done) return SHS_OK;
        struct context *context = reader->context;
        if (until == 0) until = context_deadline(context);
        const shs_status status = request->owner == context->pid ? refill_own(context, reader, request, until)
                                                                 : refill_peer(context, reader, request, until);
        if (status != SHS_OK) return status;
    }
    return status_local(SHS_E_PROTOCOL);
}

/* ---- a segment for one block ---- */

static shs_status publish_single(struct context *context, struct segment *segment, uint64_t size, shs_handle *handle) {
    uint32_t generation = 0;
    segment_set_size(segment, 0, size);
    const uint32_t word = atomic_load(&segment->words[0]);
    const bool published = slot_is_vacant(word) && slot_publish(&segment->words[0], word, &generation);
    if (published) *handle = handle_make(segment->base, generation);
    (void)pthread_mutex_lock(&context->lock);
    segment->filling = false;
    if (segment->unlink_pending) {
        registry_unlink(context, segment);
        registry_reclaim(context);
    }
    (void)pthread_mutex_unlock(&context->lock);
    return published ? SHS_OK : SHS_E_NOT_ATTACHED;
}

/* Use a segment again that was freed. SHS_E_NOT_ATTACHED: there is none. */
static shs_status reuse_single(struct context *context, struct pool *pool, const struct request *request,
                               shs_handle *handle) {
    (void)pthread_mutex_lock(&context->lock);
    struct segment *segment = pool_get_single(pool, request->size);
    (void)pthread_mutex_unlock(&context->lock);
    if (segment == NULL) return SHS_E_NOT_ATTACHED;
    fill(segment, 0, request);
    return publish_single(context, segment, request->size, handle);
}

static shs_status make_single(struct context *context, struct reader *reader, struct peer *peer,
                              const struct request *request, deadline until, shs_handle *handle) {
    struct segment *segment;
    const shs_status status = grow(context, reader, peer, request, until, &segment);
    return status == SHS_OK ? publish_single(context, segment, request->size, handle) : status;
}

static shs_status alloc_single_own(struct context *context, struct reader *reader, const struct request *request,
                                   shs_handle *handle) {
    (void)lifecycle_attach(context);
    const shs_status status = reuse_single(context, &context->pool, request, handle);
    if (status != SHS_E_NOT_ATTACHED) return status;
    return make_single(context, reader, NULL, request, context_deadline(context), handle);
}

/* What is there already needs no turn with the peer: several threads fill blocks for it at once. */
static shs_status reuse_single_peer(struct context *context, const struct request *request, shs_handle *handle) {
    struct peer *peer = peer_get(context, request->owner);
    if (peer == NULL) return SHS_E_NOT_ATTACHED;
    const shs_status status = reuse_single(context, &peer->pool, request, handle);
    peer_put(context, peer);
    return status;
}

static shs_status alloc_single_peer(struct context *context, struct reader *reader, const struct request *request,
                                    shs_handle *handle) {
    (void)lifecycle_attach(context);
    shs_status status = reuse_single_peer(context, request, handle);
    const deadline until = context_deadline(context);
    for (int tries = 0; tries < TRIES && status == SHS_E_NOT_ATTACHED; tries++) {
        struct peer *peer;
        status = peer_begin(context, request->owner, until, &peer);
        if (status != SHS_OK) return status;
        status = make_single(context, reader, peer, request, until, handle);
        peer_end(context, peer);
    }
    return status;
}

static shs_status alloc_single(const struct request *request, shs_handle *handle) {
    struct reader *reader = context_enter();
    if (reader == NULL) return status_local(SHS_E_NO_MEMORY);
    reader_leave(reader);
    struct context *context = reader->context;
    return request->owner == context->pid ? alloc_single_own(context, reader, request, handle)
                                          : alloc_single_peer(context, reader, request, handle);
}

shs_status backend_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    const struct context *context = context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    const struct request request = { data, size, owner, pool_class(size, atomic_load(&context->own_pages)) };
    return request.size_class == CLASS_SINGLE ? alloc_single(&request, handle) : alloc_shared(&request, handle);
}
