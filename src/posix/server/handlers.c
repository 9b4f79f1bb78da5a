/*
 * What the agent answers. See answers.h.
 *
 * Nothing here waits, and nothing that a question says is believed: descriptors are checked before they are mapped,
 * geometry before it is used, and state words are written by the owner itself.
 */
#include "server/handlers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/shm_object.h"
#include "process/block_list.h"
#include "process/context.h"

static shs_status duplicate(int fd, int *copy) {
    if (!fd_is_ours(fd)) return status_from_errno(EBADF);
    *copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return *copy < 0 ? status_from_errno(errno) : SHS_OK;
}

static shs_status handle_hello(struct context *context, struct message *response, int *response_fd) {
    response->pid = context->pid;
    memcpy(response->nonce, context->endpoint.nonce, WIRE_NONCE_SIZE);
    if (context->liveness_fd >= 0) (void)duplicate(context->liveness_fd, response_fd);
    return SHS_OK;
}

/* The segment in which a handle is valid now. Under the world's lock. */
static struct segment *find_live(struct context *context, uint32_t handle) {
    const uint32_t index = handle_index(handle);
    struct segment *segment = handle_table_find(&context->own, index);
    if (segment == NULL) return NULL;
    return slot_names(atomic_load(&segment->words[index - segment->base]), handle_generation(handle)) ? segment : NULL;
}

static shs_status handle_lookup(struct context *context, const struct message *request, struct message *response,
                                int *response_fd) {
    const struct segment *segment = find_live(context, request->handle);
    if (segment == NULL) return status_local(SHS_E_HANDLE);
    response->base = segment->base;
    response->count = segment->geometry.count;
    response->stride = segment->geometry.stride;
    response->offset = segment->geometry.offset;
    response->pid = segment->giver;
    response->access = segment->writable ? SHS_READ_WRITE : SHS_READ;
    response->split = segment->words_fd != segment->data_fd;
    return duplicate(segment->words_fd, response_fd);
}

shs_status owner_export(struct context *context, shs_handle handle, struct mapping *passed, int *fd) {
    struct segment *segment = find_live(context, handle);
    if (segment == NULL) return status_local(SHS_E_HANDLE);
    const uint32_t slot = handle_index(handle) - segment->base;
    passed->offset = segment->geometry.offset + slot * segment->geometry.stride;
    passed->access = segment->writable ? SHS_READ_WRITE : SHS_READ;
    const shs_status status = segment_pass_on(segment, handle_index(handle), handle_generation(handle));
    if (status != SHS_OK) return status;
    passed->size = segment_size(segment, slot);
    return duplicate(segment->data_fd, fd);
}

static shs_status handle_export(struct context *context, const struct message *request, struct message *response,
                                int *response_fd) {
    struct mapping passed;
    const shs_status status = owner_export(context, request->handle, &passed, response_fd);
    if (status != SHS_OK) return status;
    response->offset = passed.offset;
    response->size = passed.size;
    response->access = passed.access;
    return SHS_OK;
}

/* Write the state of every slot: dead, at the generation from which its number goes on. */
static void prepare_words(struct context *context, struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t generation = handle_numbers_generation(&context->numbers, segment->base + i);
        atomic_store(&segment->words[i], generation << SLOT_GENERATION_SHIFT);
    }
}

/* What peers have freed, or left when they ended, makes room as soon as room is wanted. */
static bool take_numbers(struct context *context, const struct segment *segment, uint32_t *base) {
    const uint32_t count = segment->geometry.count;
    if (registry_has_room(context, segment) && handle_numbers_take(&context->numbers, count, base)) return true;
    trim_unused(context, NULL);
    return handle_numbers_take(&context->numbers, count, base);
}

shs_status owner_register(struct context *context, struct segment *segment) {
    uint32_t base;
    if (!take_numbers(context, segment, &base)) {
        segment_close(segment);
        return status_local(SHS_E_LIMIT);
    }
    const uint32_t count = segment->geometry.count;
    segment->owner = context->pid;
    segment->base = base;
    prepare_words(context, segment);
    const shs_status status = registry_add(context, segment);
    if (status != SHS_OK) handle_numbers_give(&context->numbers, base, count);
    return status;
}

static shs_status handle_add_segment(struct context *context, const struct requester *requester,
                                     const struct message *request, int fd, struct message *response) {
    const struct geometry geometry = { request->count, request->stride, request->offset };
    struct segment *segment;
    shs_status status = geometry_is_sane(&geometry, false) ? SHS_OK : status_local(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = shm_object_check(fd, segment_extent(&geometry));
    if (status != SHS_OK) {
        fd_close(fd);
        return status;
    }
    status = segment_open(&geometry, SEGMENT_TAKEN, true, fd, fd, &segment);
    if (status != SHS_OK) return status;
    segment->giver = requester->who.pid;
    segment->connection = requester->connection;
    status = owner_register(context, segment);
    if (status == SHS_OK) response->base = segment->base;
    return status;
}

/* Words for a block whose data is in another segment's object. */
static shs_status make_words(int *fd) {
    int made;
    shs_status status = shm_object_create(segment_head(1), &made);
    if (status != SHS_OK) return status;
    status = shm_object_reserve(made, 0, segment_head(1));
    if (status == SHS_OK) status = shm_object_seal(made);
    if (status == SHS_OK)
        *fd = fd_track(made);
    else
        fd_close(made);
    return status;
}

shs_status owner_import(struct context *context, const struct mapping *mapping, int fd, uint32_t *handle) {
    const uint64_t rounded = (mapping->size + SEGMENT_ALIGNMENT - 1) / SEGMENT_ALIGNMENT * SEGMENT_ALIGNMENT;
    const struct geometry geometry = { 1, rounded == 0 ? SEGMENT_ALIGNMENT : rounded, mapping->offset };
    struct segment *segment;
    int words_fd;
    shs_status status =
        mapping->size <= INT64_MAX && geometry_is_sane(&geometry, true) ? SHS_OK : status_local(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = shm_object_check(fd, segment_extent(&geometry));
    if (status == SHS_OK) status = make_words(&words_fd);
    if (status != SHS_OK) {
        fd_close(fd);
        return status;
    }
    status = segment_open(&geometry, SEGMENT_TAKEN, mapping->access == SHS_READ_WRITE, words_fd, fd, &segment);
    if (status != SHS_OK) return status;
    segment->giver = mapping->giver;
    segment->retired = true; /* this one block, and no other after it */
    status = owner_register(context, segment);
    if (status != SHS_OK) return status;
    uint32_t generation = 0;
    segment_set_size(segment, 0, mapping->size);
    (void)slot_publish(&segment->words[0], atomic_load(&segment->words[0]), &generation);
    *handle = handle_make(segment->base, generation);
    return SHS_OK;
}

static shs_status handle_import(struct context *context, const struct requester *requester,
                                const struct message *request, int fd, struct message *response) {
    const struct mapping mapping = { request->offset, request->size, (shs_access)request->access, requester->who.pid };
    return owner_import(context, &mapping, fd, &response->handle);
}

static void handle_release_segment(struct context *context, const struct requester *requester,
                                   const struct message *request) {
    struct segment *segment = request->base < INDEX_COUNT ? handle_table_find(&context->own, request->base) : NULL;
    if (segment == NULL || segment->role != SEGMENT_TAKEN || segment->connection != requester->connection) return;
    if (segment->base == request->base) registry_retire(context, segment);
    registry_reclaim(context);
}

/* Questions that bring a descriptor, and those that do not. */
static bool is_well_formed(const struct message *request, int fd) {
    const bool brings = request->kind == WIRE_ADD_SEGMENT || request->kind == WIRE_IMPORT;
    return brings == (fd >= 0);
}

static shs_status handle_locked(struct context *context, const struct requester *requester,
                                const struct message *request, int fd, struct message *response, int *response_fd) {
    switch (request->kind) {
        case WIRE_HELLO:
            return handle_hello(context, response, response_fd);
        case WIRE_PROBE:
            return SHS_OK;
        case WIRE_LOOKUP:
            return handle_lookup(context, request, response, response_fd);
        case WIRE_EXPORT:
            return handle_export(context, request, response, response_fd);
        case WIRE_ADD_SEGMENT:
            return handle_add_segment(context, requester, request, fd, response);
        case WIRE_IMPORT:
            return handle_import(context, requester, request, fd, response);
        case WIRE_LIST:
            return block_list_to_object(context, &response->count, response_fd);
        case WIRE_RELEASE_SEGMENT:
            handle_release_segment(context, requester, request);
            return SHS_OK;
        case WIRE_KINDS:
            break;
    }
    return status_local(SHS_E_PROTOCOL);
}

bool handle_request(struct context *context, const struct requester *requester, const struct message *request, int fd,
                    struct message *response, int *response_fd) {
    *response = (struct message){ .kind = request->kind, .serial = request->serial };
    *response_fd = -1;
    if (!is_well_formed(request, fd)) {
        fd_close(fd);
        response->status = SHS_E_PROTOCOL;
        return true;
    }
    (void)pthread_mutex_lock(&context->lock);
    response->status = handle_locked(context, requester, request, fd, response, response_fd);
    (void)pthread_mutex_unlock(&context->lock);
    return request->kind != WIRE_RELEASE_SEGMENT;
}
