/*
 * The handlers of requests. See handlers.h.
 *
 * Nothing here waits, and nothing that a request says is believed: descriptors are checked before they are mapped,
 * geometry before it is used. The context's lock is taken for moments, by what is called here.
 */
#include "server/handlers.h"

#include <stdlib.h>
#include <string.h>

#include "ipc/list_object.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/identity.h"
#include "os/pages.h"
#include "os/shm_object.h"
#include "state/block_list.h"
#include "state/context.h"
#include "state/owner.h"
#include "state/trim.h"

typedef shs_status handler(struct thread *thread, const struct request *request, struct response *response);

static shs_status handle_hello(struct thread *thread, const struct request *request, struct response *response) {
    const struct context *context = thread->context;
    (void)request;
    shs__endpoint_keep_lock(&context->endpoint);
    response->message.pid = context->pid;
    memcpy(response->message.nonce, context->endpoint.nonce, WIRE_NONCE_SIZE);
    /* its number may be another descriptor's by now, which is nobody else's business */
    if (shs__shm_object_is_shown(context->liveness_fd, page_size()))
        (void)shs__fd_duplicate(context->liveness_fd, &response->fd);
    return SHS_OK;
}

static shs_status handle_probe(struct thread *thread, const struct request *request, struct response *response) {
    (void)thread, (void)request, (void)response;
    return SHS_OK;
}

static shs_status describe(struct context *context, const struct request *request, struct response *response) {
    struct segment *segment = shs__owner_find(context, request->message.handle);
    if (segment == NULL) return status_local(SHS_E_HANDLE);
    struct message *found = &response->message;
    atomic_store(&segment->shared, true);
    found->base = segment->base;
    found->count = segment->geometry.count;
    found->stride = segment->geometry.stride;
    found->offset = segment->geometry.offset;
    found->pid = segment->giver;
    found->access = segment->writable ? SHS_READ_WRITE : SHS_READ;
    found->split = segment->words_fd != segment->data_fd;
    found->size = segment->identity;
    return shs__fd_duplicate(segment->words_fd, &response->fd);
}

static shs_status give_number(struct context *context, const struct request *request, struct response *response) {
    const struct third_asker asker = { request->who.pid, request->life, request->connection };
    const shs_status status = shs__third_number_give(context, &asker, &response->message.third);
    if (status == SHS_OK) return SHS_OK;
    shs__fd_close(response->fd);
    response->fd = -1;
    return status;
}

/* It is told when the segment has no block any more. */
static void note_looker(struct context *context, const struct message *found) {
    if (found->third == 0) return;
    context_lock(context);
    struct segment *segment = handle_table_find(&context->own, found->base);
    if (segment != NULL) segment->lookers |= third_bit(found->third);
    context_unlock(context);
}

static bool is_of_other(const struct request *request) { return request->who.user != shs__identity_user(); }

/* Another user's process would get the words, and the blocks beside it. */
static shs_status handle_lookup(struct thread *thread, const struct request *request, struct response *response) {
    struct context *context = thread->context;
    if (is_of_other(request)) return status_local(SHS_E_ACCESS);
    context_lock(context);
    shs_status status = describe(context, request, response);
    context_unlock(context);
    if (status == SHS_OK) status = give_number(context, request, response);
    if (status == SHS_OK) note_looker(context, &response->message);
    *request->holds = *request->holds || response->message.third != 0;
    return status;
}

static shs_status handle_export(struct thread *thread, const struct request *request, struct response *response) {
    struct context *context = thread->context;
    const struct message *asked = &request->message;
    struct mapping exported;
    const shs_status status =
        is_of_other(request)
            ? shs__owner_export_to_other(context, asked->handle, (shs_access)asked->access, &exported, &response->fd)
            : shs__owner_export(context, asked->handle, &exported, &response->fd);
    if (status != SHS_OK) return status;
    response->message.offset = exported.offset;
    response->message.size = exported.size;
    response->message.stride = exported.room;
    response->message.access = exported.access;
    response->message.pid = exported.giver;
    return SHS_OK;
}

static shs_status open_given(const struct request *request, struct segment **segment) {
    const struct message *asked = &request->message;
    const bool apart = asked->split != 0;
    struct segment_source source = { .geometry = { asked->count, asked->stride, asked->offset },
                                     .role = SEGMENT_OWNER,
                                     .writable = true,
                                     .words_fd = request->fd,
                                     .data_fd = request->fd };
    const bool in_place = asked->offset == (apart ? 0 : shs__segment_head(asked->count));
    const bool sane = in_place && shs__geometry_is_sane(&source.geometry, apart);
    shs_status status = sane ? SHS_OK : status_local(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = shs__shm_object_check(request->fd, shs__segment_extent(&source.geometry));
    if (status == SHS_OK && apart) status = shs__segment_make_words(&source.words_fd);
    if (status == SHS_OK) return shs__segment_open(&source, segment);
    shs__fd_close(request->fd);
    return status;
}

/* The giver of a block that is apart learns where its words are. */
static shs_status show_words(const struct segment *segment, int *fd) {
    return segment->words_fd == segment->data_fd ? SHS_OK : shs__fd_duplicate(segment->words_fd, fd);
}

static void retire(struct context *context, struct segment *segment) {
    context_lock(context);
    shs__registry_retire(context, segment);
    context_unlock(context);
}

static shs_status handle_add_segment(struct thread *thread, const struct request *request, struct response *response) {
    struct segment *segment;
    shs_status status = open_given(request, &segment);
    if (status != SHS_OK) return status;
    segment->giver = request->who.pid;
    segment->connection = request->connection;
    segment->holds = 1; /* until its number was read: without a block it can be given up at once */
    status = shs__owner_register(thread->context, segment);
    if (status != SHS_OK) return status;
    status = show_words(segment, &response->fd);
    response->message.base = segment->base;
    if (status == SHS_OK) {
        *request->holds = *request->gave = true;
        shs__told_note(request, segment->base);
    } else {
        retire(thread->context, segment);
    }
    shs__registry_let_go(thread->context, segment);
    return status;
}

/* A descriptor for reading comes from another user's process, or is of an object that another user made; whoever can
 * write a block passes it on so, whatever the handle is for. */
static shs_status check_exported(const struct request *request) {
    if (is_of_other(request) || shs__shm_object_user(request->fd) != shs__identity_user()) return SHS_OK;
    return shs__shm_object_check(request->fd, request->message.size);
}

static shs_status handle_import(struct thread *thread, const struct request *request, struct response *response) {
    const struct message *asked = &request->message;
    shs_status status = check_exported(request);
    if (status != SHS_OK) {
        shs__fd_close(request->fd);
        return status;
    }
    const struct mapping mapping = { asked->offset, asked->size, asked->stride, (shs_access)asked->access,
                                     request->who.pid };
    status = shs__owner_import(thread->context, &mapping, request->fd, &response->message.handle);
    if (status == SHS_OK) shs__told_note(request, response->message.handle);
    return status;
}

static shs_status handle_list(struct thread *thread, const struct request *request, struct response *response) {
    (void)request;
    const size_t room = shs__block_list_fill(thread, NULL, 0);
    struct shs_block_info *blocks = calloc(room + 1, sizeof *blocks);
    if (blocks == NULL) return status_local(SHS_E_NO_MEMORY);
    const size_t found = shs__block_list_fill(thread, blocks, room);
    const size_t count = found < room ? found : room;
    const shs_status status = shs__list_object_make(blocks, count, &response->fd);
    if (status == SHS_OK) response->message.count = (uint32_t)count;
    free(blocks);
    return status;
}

static shs_status handle_release_segment(struct thread *thread, const struct request *request,
                                         struct response *response) {
    (void)response;
    shs__owner_retire(thread->context, request->message.base, request->connection);
    return SHS_OK;
}

static shs_status handle_emptied(struct thread *thread, const struct request *request, struct response *response) {
    (void)response;
    shs__trim_told(thread->context, request->message.base, request->connection);
    return SHS_OK;
}

static shs_status handle_free(struct thread *thread, const struct request *request, struct response *response) {
    struct context *context = thread->context;
    shs_status status = shs__owner_free(context, request->message.handle);
    (void)response;
    if (status == SHS_E_HANDLE && shs__told_before(context, request)) status = SHS_OK;
    if (status == SHS_OK) shs__told_note(request, request->message.size);
    return status;
}

static shs_status handle_keep(struct thread *thread, const struct request *request, struct response *response) {
    (void)thread, (void)response;
    request->told->kind = 0;
    return SHS_OK;
}

static shs_status handle_unheard(struct thread *thread, const struct request *request, struct response *response) {
    (void)response;
    if (request->told->serial == request->message.serial) shs__told_lost(thread->context, request->told);
    return SHS_OK;
}

static shs_status handle_release_number(struct thread *thread, const struct request *request,
                                        struct response *response) {
    (void)response;
    shs__third_number_release(thread->context, request->connection);
    return SHS_OK;
}

static handler *const handlers[WIRE_KINDS] = {
    [WIRE_HELLO] = handle_hello,
    [WIRE_PROBE] = handle_probe,
    [WIRE_LOOKUP] = handle_lookup,
    [WIRE_EXPORT] = handle_export,
    [WIRE_ADD_SEGMENT] = handle_add_segment,
    [WIRE_IMPORT] = handle_import,
    [WIRE_LIST] = handle_list,
    [WIRE_RELEASE_SEGMENT] = handle_release_segment,
    [WIRE_FREE] = handle_free,
    [WIRE_KEEP] = handle_keep,
    [WIRE_UNHEARD] = handle_unheard,
    [WIRE_RELEASE_NUMBER] = handle_release_number,
    [WIRE_EMPTIED] = handle_emptied,
};

/* Does it bring a descriptor where its kind has one, and none elsewhere? */
static bool is_well_formed(const struct request *request) {
    const bool brings = request->message.kind == WIRE_ADD_SEGMENT || request->message.kind == WIRE_IMPORT;
    return brings == (request->fd >= 0);
}

static bool is_notification(enum wire_kind kind) {
    return kind == WIRE_RELEASE_SEGMENT || kind == WIRE_RELEASE_NUMBER || kind == WIRE_EMPTIED || kind == WIRE_KEEP ||
           kind == WIRE_UNHEARD;
}

bool shs__handle_request(struct thread *thread, const struct request *request, struct response *response) {
    const enum wire_kind kind = request->message.kind; /* one of the table: shs__wire_decode() knows no other */
    *response = (struct response){ .message = { .kind = kind, .serial = request->message.serial }, .fd = -1 };
    if (is_well_formed(request)) {
        shs__told_begin(thread->context, request, is_notification(kind));
        response->message.status = handlers[kind](thread, request, response);
        return !is_notification(kind);
    }
    shs__fd_close(request->fd);
    response->message.status = SHS_E_PROTOCOL;
    return true;
}
