/*
 * Requests to other processes. See client.h.
 */
#include "client/client.h"

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/identity.h"
#include "os/shm_object.h"
#include "state/context.h"
#include "state/peer_call.h"
#include "state/trim.h"

/* Make a request. A connection that ends meanwhile is made anew, until the wait's end: an owner with many peers ends
 * those that are idle. On success the turn with the peer is this thread's until shs__peer_end(). */
static shs_status ask(struct context *context, shs_pid pid, struct exchange *exchange, const struct waiting *wait,
                      struct peer **peer) {
    uint32_t pause = 0;
    for (;;) {
        shs_status status = shs__peer_begin(context, pid, wait, peer);
        if (status != SHS_OK) return status;
        status = shs__peer_call(context, *peer, exchange, wait);
        if (status == SHS_OK) return SHS_OK;
        shs__peer_end(context, *peer);
        if (!exchange->cut_off) return status;
        status = shs__wait_pause(wait, &pause);
        if (status != SHS_OK) return status;
    }
}

/* A request that needs no more of the peer than its response. */
static shs_status ask_once(struct context *context, shs_pid pid, struct exchange *exchange,
                           const struct waiting *wait) {
    struct peer *peer;
    const shs_status status = ask(context, pid, exchange, wait, &peer);
    if (status == SHS_OK) shs__peer_end(context, peer);
    return status;
}

/* ---- blocks that others own ---- */

/* What the owner showed must be a segment that has the handle. */
static shs_status check_place(const struct message *response, const struct geometry *geometry, shs_handle handle) {
    const uint32_t index = handle_index(handle);
    const bool fits = shs__geometry_is_sane(geometry, response->split != 0) &&
                      response->base <= INDEX_COUNT - geometry->count &&
                      index - response->base < geometry->count; /* and not before it: then the difference is huge */
    return fits ? SHS_OK : status_local(SHS_E_PROTOCOL);
}

/* The second half of a block that was imported there: its data is in an object of its own. */
static shs_status ask_for_data(struct context *context, struct peer *peer, struct exchange *found,
                               const struct waiting *wait, int *fd) {
    struct exchange exchange = { .request = { .kind = WIRE_EXPORT, .handle = found->request.handle },
                                 .request_fd = -1,
                                 .wants_fd = true };
    const shs_status status = shs__peer_call(context, peer, &exchange, wait);
    found->cut_off = exchange.cut_off;
    if (status == SHS_OK) *fd = exchange.response_fd;
    return status;
}

static shs_status check_source(const struct segment_source *source) {
    const uint64_t extent = shs__segment_extent(&source->geometry);
    const shs_status status = source->writable ? shs__shm_object_check(source->data_fd, extent)
                                               : shs__shm_object_check_reading(source->data_fd, extent);
    return status == SHS_OK ? shs__shm_object_check(source->words_fd, shs__segment_head(source->geometry.count))
                            : status;
}

/* What is to be mapped, as the owner's response says. On failure its descriptor is closed. */
static shs_status read_source(struct context *context, struct peer *peer, struct exchange *found,
                              const struct waiting *wait, struct segment_source *source) {
    const struct message *response = &found->response;
    *source = (struct segment_source){ .geometry = { response->count, response->stride, response->offset },
                                       .role = SEGMENT_THIRD,
                                       .writable = response->access == SHS_READ_WRITE,
                                       .words_fd = found->response_fd,
                                       .data_fd = found->response_fd };
    shs_status status = check_place(response, &source->geometry, found->request.handle);
    if (status == SHS_OK && response->split != 0) status = ask_for_data(context, peer, found, wait, &source->data_fd);
    if (status == SHS_OK) status = check_source(source);
    if (status != SHS_OK) shs__segment_close_source(source);
    return status;
}

/* Another thread may have asked for the same segment, in a turn before this one's. */
static bool is_known(struct peer *peer, const struct message *found) {
    const struct segment *segment = found->base < INDEX_COUNT ? handle_table_find(&peer->known, found->base) : NULL;
    return segment != NULL && segment->role == SEGMENT_THIRD && segment->base == found->base &&
           segment->identity == found->size;
}

/* Is the segment mapped? Then that mapping is used, though it was unlinked, perhaps with a connection that was lost: a
 * second one would undo the first one's traces. */
static shs_status use_mapped(struct context *context, struct peer *peer, const struct message *found, bool *mapped) {
    shs_status status = SHS_OK;
    context_lock(context);
    struct segment *unlinked = shs__third_grant_find(atomic_load(&peer->connection)->grant, found->size);
    *mapped = unlinked != NULL || is_known(peer, found);
    if (unlinked != NULL) status = shs__registry_relink(context, unlinked, peer);
    context_unlock(context);
    return status;
}

/* Let the handles of a segment that was just mapped lead there. On failure it is closed. */
static shs_status add_found(struct context *context, struct peer *peer, struct segment *segment,
                            const struct message *found) {
    segment->owner = peer->pid;
    segment->giver = found->pid;
    segment->base = found->base;
    segment->identity = found->size;
    segment->peer = peer;
    segment->third_bit = third_bit(found->third);
    context_lock(context);
    const shs_status status = shs__registry_add(context, segment, &peer->known);
    if (status == SHS_OK) third_grant_use(atomic_load(&peer->connection)->grant, segment);
    context_unlock(context);
    if (status != SHS_OK) shs__segment_close(segment);
    return status;
}

static shs_status map_new(struct context *context, struct peer *peer, struct exchange *found,
                          const struct waiting *wait) {
    struct segment_source source;
    struct segment *segment;
    shs_status status = read_source(context, peer, found, wait, &source);
    if (status == SHS_OK) status = shs__segment_open(&source, &segment);
    if (status == SHS_OK) status = add_found(context, peer, segment, &found->response);
    return status;
}

/* Map what the owner showed, where it is not mapped. */
static shs_status map_found(struct context *context, struct peer *peer, struct exchange *found,
                            const struct waiting *wait) {
    bool mapped;
    shs_status status = use_mapped(context, peer, &found->response, &mapped);
    if (mapped)
        shs__fd_close(found->response_fd);
    else
        status = map_new(context, peer, found, wait);
    if (status == SHS_OK) shs__trim_heard(context, peer, found->response.base); /* the block may be gone by now */
    return status;
}

/* Again: the connection ended when the owner had been asked for the first half of a block. */
static shs_status look_up(struct context *context, const struct block_name *block, const struct waiting *wait,
                          bool *again) {
    struct exchange exchange = { .request = { .kind = WIRE_LOOKUP, .handle = block->handle },
                                 .request_fd = -1,
                                 .wants_fd = true };
    struct peer *peer;
    shs_status status = ask(context, block->owner, &exchange, wait, &peer);
    if (status == SHS_OK) {
        status = map_found(context, peer, &exchange, wait);
        shs__peer_end(context, peer);
        *again = exchange.cut_off;
    }
    return status;
}

shs_status shs__client_lookup(struct context *context, const struct block_name *block, const struct waiting *wait) {
    uint32_t pause = 0;
    for (;;) {
        bool again = false;
        shs_status status = look_up(context, block, wait, &again);
        if (!again) return status;
        status = shs__wait_pause(wait, &pause);
        if (status != SHS_OK) return status;
    }
}

/* ---- a handle that another process closes ---- */

/* The number of the question: the one that it had, where this process has asked it before and not heard the answer. */
static uint64_t take_question(struct context *context, const struct block_name *block) {
    uint64_t number = 0;
    context_lock(context);
    for (unsigned i = 0; i < UNHEARD_MOST && number == 0; i++) {
        struct unheard *unheard = &context->unheard[i];
        if (unheard->handle != block->handle || unheard->owner != block->owner) continue;
        number = unheard->question;
        *unheard = (struct unheard){ .question = 0 };
    }
    context_unlock(context);
    return number == 0 ? shs__context_question(context) : number;
}

static void note_unheard(struct context *context, const struct block_name *block, uint64_t number) {
    context_lock(context);
    context->unheard[number % UNHEARD_MOST] = (struct unheard){ block->owner, block->handle, number };
    context_unlock(context);
}

shs_status shs__client_free(struct context *context, const struct block_name *block, const struct waiting *wait) {
    const uint64_t number = take_question(context, block);
    struct exchange exchange = { .request = { .kind = WIRE_FREE, .handle = block->handle, .size = number },
                                 .request_fd = -1 };
    const shs_status status = ask_once(context, block->owner, &exchange, wait);
    if (status == SHS_E_TIMEOUT) note_unheard(context, block, number);
    return status;
}

/* ---- a handle in another process ---- */

shs_status shs__client_export(struct context *context, const struct block_name *block, shs_access access,
                              const struct waiting *wait, struct exported *exported) {
    struct exchange exchange = {
        .request = { .kind = WIRE_EXPORT, .handle = block->handle, .access = (uint32_t)access },
        .request_fd = -1,
        .wants_fd = true
    };
    const shs_status status = ask_once(context, block->owner, &exchange, wait);
    if (status != SHS_OK) return status;
    const struct message *response = &exchange.response;
    exported->mapping = (struct mapping){ response->offset, response->size, response->stride,
                                          (shs_access)response->access, response->pid };
    exported->fd = exchange.response_fd;
    return SHS_OK;
}

shs_status shs__client_import(struct context *context, shs_pid to, const struct exported *exported,
                              const struct waiting *wait, shs_handle *handle) {
    struct exchange exchange = { .request = { .kind = WIRE_IMPORT,
                                              .offset = exported->mapping.offset,
                                              .size = exported->mapping.size,
                                              .stride = exported->mapping.room,
                                              .access = (uint32_t)exported->mapping.access },
                                 .request_fd = exported->fd };
    const shs_status status = ask_once(context, to, &exchange, wait);
    if (status != SHS_OK) return status;
    if (!handle_is_sane(exchange.response.handle)) return status_local(SHS_E_PROTOCOL);
    *handle = exchange.response.handle;
    return SHS_OK;
}

/* ---- segments that this process gives ---- */

/* Nothing will be allocated in a segment that the peer took. */
static void release_segment(struct context *context, struct peer *peer, uint32_t base) {
    context_lock(context);
    const bool queued = shs__peer_queue_release(context, peer, WIRE_RELEASE_SEGMENT, base);
    context_unlock(context);
    if (!queued) shs__peer_disconnect(context, peer); /* which tells it as well */
}

/* Let its handles lead to the segment, and blocks for the peer be allocated in it. The peer is kept from going, as the
 * segment is held, and leads to it. */
static shs_status register_given(struct context *context, struct peer *peer, struct segment *segment) {
    segment->peer = peer;
    context_lock(context);
    const shs_status status = shs__registry_add(context, segment, &peer->known);
    if (status == SHS_OK) {
        shs__pool_add(&peer->pool, segment);
        peer->uses++;
    }
    context_unlock(context);
    if (status != SHS_OK) release_segment(context, peer, segment->base);
    return status;
}

/* The words of a block that is apart; -1: they are in the offer. */
static shs_status take_words(struct segment *segment, int fd) {
    if (fd < 0) return SHS_OK;
    const shs_status status = shs__shm_object_check(fd, shs__segment_head(1));
    if (status == SHS_OK) return shs__segment_take_words(segment, fd);
    shs__fd_close(fd);
    return status;
}

static shs_status offer(struct context *context, struct segment *segment, const struct waiting *wait) {
    const struct geometry *geometry = &segment->geometry;
    struct exchange exchange = { .request = { .kind = WIRE_ADD_SEGMENT,
                                              .count = geometry->count,
                                              .stride = geometry->stride,
                                              .offset = geometry->offset,
                                              .split = data_is_apart(geometry->offset) },
                                 .request_fd = segment->data_fd,
                                 .wants_fd = data_is_apart(geometry->offset) };
    struct peer *peer;
    shs_status status = ask(context, segment->owner, &exchange, wait, &peer);
    if (status != SHS_OK) return status;
    segment->base = exchange.response.base;
    status = take_words(segment, exchange.response_fd);
    if (segment->base > INDEX_COUNT - geometry->count)
        status = status_local(SHS_E_PROTOCOL);
    else if (status == SHS_OK)
        status = register_given(context, peer, segment);
    else
        release_segment(context, peer, segment->base);
    shs__peer_end(context, peer);
    return status;
}

shs_status shs__client_add_segment(struct context *context, struct segment *segment, const struct waiting *wait) {
    const shs_status status = offer(context, segment, wait);
    if (status == SHS_OK)
        shs__segment_close_descriptors(segment);
    else
        shs__segment_close(segment);
    return status;
}

/* ---- the rest ---- */

shs_status shs__client_list(struct context *context, shs_pid owner, const struct waiting *wait, int *fd,
                            uint32_t *entries) {
    struct exchange exchange = { .request = { .kind = WIRE_LIST }, .request_fd = -1, .wants_fd = true };
    const shs_status status = ask_once(context, owner, &exchange, wait);
    if (status != SHS_OK) return status;
    *fd = exchange.response_fd;
    *entries = exchange.response.count;
    return SHS_OK;
}

shs_status shs__client_reach(struct context *context, shs_pid pid, const struct waiting *wait) {
    struct peer *peer;
    const shs_status status = shs__peer_begin(context, pid, wait, &peer);
    if (status == SHS_OK) shs__peer_end(context, peer);
    return status;
}

shs_status shs__client_is_other(struct context *context, shs_pid pid, const struct waiting *wait, bool *other) {
    struct peer *peer;
    *other = false;
    if (shs__context_admission(context).admit == NULL) return SHS_OK; /* no other user's process is talked to */
    const shs_status status = shs__peer_begin(context, pid, wait, &peer);
    if (status != SHS_OK) return status;
    *other = atomic_load(&peer->connection)->user != shs__identity_user();
    shs__peer_end(context, peer);
    return SHS_OK;
}

shs_status shs__client_probe(struct context *context, shs_pid pid, const struct waiting *wait) {
    struct exchange exchange = { .request = { .kind = WIRE_PROBE }, .request_fd = -1 };
    return ask_once(context, pid, &exchange, wait);
}
