/*
 * New segments. See new_segment.h.
 */
#include "client/new_segment.h"

#include "client/client.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "state/context.h"
#include "state/owner.h"
#include "state/trim.h"

/* ---- made ---- */

/* Those of a block that is apart are the owner's, who may be this process; another one gives them when it is asked. */
static shs_status find_words(struct segment_source *source) {
    if (!data_is_apart(source->geometry.offset)) return SHS_OK;
    source->words_fd = -1;
    return source->role == SEGMENT_OWN ? shs__segment_make_words(&source->words_fd) : SHS_OK;
}

static shs_status make_and_map(const struct want *want, const struct geometry *geometry, struct segment **segment) {
    static const struct contents none;
    const struct contents *contents = want->size_class == CLASS_SINGLE ? &want->contents : &none;
    const enum segment_role role = want->owner == want->context->pid ? SEGMENT_OWN : SEGMENT_GIVER;
    int fd;
    shs_status status = shs__segment_make_object(geometry, contents->data, contents->size, &fd);
    if (status != SHS_OK) return status;
    struct segment_source source = {
        .geometry = *geometry, .role = role, .writable = true, .words_fd = fd, .data_fd = fd
    };
    status = find_words(&source);
    if (status != SHS_OK) {
        shs__fd_close(fd);
        return status;
    }
    status = shs__segment_open(&source, segment);
    if (status != SHS_OK) return status;
    (*segment)->owner = want->owner;
    (*segment)->giver = want->context->pid;
    (*segment)->size_class = want->size_class;
    (*segment)->holds = 1; /* until the block is there */
    return SHS_OK;
}

/* Filling gigabytes is not waiting for somebody. */
static shs_status make(struct want *want, const struct geometry *geometry, struct segment **segment) {
    const moment began = clock_now();
    const shs_status status = make_and_map(want, geometry, segment);
    want->wait.until += clock_now() - began;
    return status;
}

/* ---- taken ---- */

static shs_status take_own(struct context *context, struct segment *segment) {
    const shs_status status = shs__owner_register(context, segment);
    if (status != SHS_OK) return status;
    context_lock(context);
    shs__pool_add(&context->pool, segment);
    context_unlock(context);
    return SHS_OK;
}

static shs_status try_shape(struct want *want, const struct geometry *geometry, struct segment **segment) {
    const shs_status status = make(want, geometry, segment);
    if (status != SHS_OK) return status;
    if (want->owner == want->context->pid) return take_own(want->context, *segment);
    return shs__client_add_segment(want->context, *segment, &want->wait);
}

/* ---- its shape ---- */

static bool next_shape(const struct want *want, struct geometry *geometry) {
    static const struct pool empty;
    struct context *context = want->context;
    context_lock(context);
    const struct peer *peer = shs__peer_find(&context->peers, want->owner);
    const struct pool *pool = want->owner == context->pid ? &context->pool : peer == NULL ? &empty : &peer->pool;
    const bool possible = shs__pool_shape(pool, want->size_class, want->contents.room, geometry);
    context_unlock(context);
    if (want->size_class == CLASS_SINGLE && atomic_load(&context->apart)) geometry->offset = 0;
    return possible;
}

/* The owner may have few numbers left: then smaller segments do. */
static shs_status try_shapes(struct want *want, struct segment **segment) {
    struct geometry geometry;
    if (!next_shape(want, &geometry)) return status_local(SHS_E_NO_MEMORY);
    for (;;) {
        const shs_status status = try_shape(want, &geometry, segment);
        if (status != SHS_E_LIMIT || geometry.count == 1) return status;
        geometry.count /= 2;
        geometry.offset = shs__segment_head(geometry.count);
    }
}

/* What is kept for blocks of other sizes may be what this one lacks. */
shs_status shs__new_segment(struct want *want, struct segment **segment) {
    const shs_status status = try_shapes(want, segment);
    if (status != SHS_E_LIMIT && status != SHS_E_NO_MEMORY) return status;
    shs__trim_unused(want->context);
    return try_shapes(want, segment);
}
