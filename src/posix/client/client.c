/*
 * Blocks of other processes. See remote.h.
 */
#include "client/client.h"

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/shm_object.h"
#include "process/block_list.h"
#include "process/context.h"
#include "server/handlers.h"

/* A kept connection may turn out to be gone only when it is used; then the process is reached anew. */
#define TRIES 3

/* Ask a process. On success the peer stays this thread's until peer_end(). */
static shs_status ask(struct context *context, shs_pid pid, struct message *request, int fd, struct message *response,
                      int *response_fd, deadline until, struct peer **peer) {
    shs_status status = SHS_E_NOT_ATTACHED;
    for (int tries = 0; tries < TRIES && status == SHS_E_NOT_ATTACHED; tries++) {
        status = peer_begin(context, pid, until, peer);
        if (status != SHS_OK) return status;
        status = peer_call(context, *peer, request, fd, response, response_fd, until);
        if (status != SHS_OK) peer_end(context, *peer);
    }
    return status;
}

/* The second half of a block that was mapped there: its data is in an object of its own. */
static shs_status find_data(struct context *context, struct peer *peer, shs_handle handle, deadline until, int *fd) {
    struct message request = { .kind = WIRE_EXPORT, .handle = handle };
    struct message response;
    return peer_call(context, peer, &request, -1, &response, fd, until);
}

static shs_status check_place(const struct message *response, const struct geometry *geometry, shs_handle handle) {
    const uint32_t index = handle_index(handle);
    const bool fits = geometry_is_sane(geometry, response->split != 0) &&
                      response->base <= INDEX_COUNT - geometry->count && index >= response->base &&
                      index - response->base < geometry->count;
    return fits ? SHS_OK : status_local(SHS_E_PROTOCOL);
}

/* Map what the owner showed, and let its handles lead there. fd is taken over. */
static shs_status know(struct context *context, struct peer *peer, shs_handle handle, const struct message *response,
                       int fd, deadline until) {
    const struct geometry geometry = { response->count, response->stride, response->offset };
    struct segment *segment;
    int data_fd = fd;
    shs_status status = check_place(response, &geometry, handle);
    if (status == SHS_OK && response->split != 0) status = find_data(context, peer, handle, until, &data_fd);
    if (status == SHS_OK) status = shm_object_check(data_fd, segment_extent(&geometry));
    if (status == SHS_OK) status = shm_object_check(fd, segment_head(geometry.count));
    if (status != SHS_OK) {
        if (data_fd != fd) fd_close(data_fd);
        fd_close(fd);
        return status;
    }
    status = segment_open(&geometry, SEGMENT_KNOWN, response->access == SHS_READ_WRITE, fd, data_fd, &segment);
    if (status != SHS_OK) return status;
    segment->owner = peer->pid;
    segment->giver = response->pid;
    segment->base = response->base;
    segment->peer = peer;
    (void)pthread_mutex_lock(&context->lock);
    status = registry_add(context, segment);
    (void)pthread_mutex_unlock(&context->lock);
    return status;
}

shs_status client_lookup(struct context *context, shs_handle handle, shs_pid owner, deadline until) {
    struct message request = { .kind = WIRE_LOOKUP, .handle = handle };
    struct message response;
    struct peer *peer;
    int fd;
    shs_status status = ask(context, owner, &request, -1, &response, &fd, until, &peer);
    if (status != SHS_OK) return status;
    status = know(context, peer, handle, &response, fd, until);
    peer_end(context, peer);
    return status;
}

shs_status client_export(struct context *context, shs_handle handle, shs_pid owner, deadline until,
                         struct mapping *passed, int *fd) {
    struct message request = { .kind = WIRE_EXPORT, .handle = handle };
    struct message response;
    struct peer *peer;
    const shs_status status = ask(context, owner, &request, -1, &response, fd, until, &peer);
    if (status != SHS_OK) return status;
    peer_end(context, peer);
    passed->offset = response.offset;
    passed->size = response.size;
    passed->access = (shs_access)response.access;
    return SHS_OK;
}

shs_status client_import(struct context *context, shs_pid to, const struct mapping *mapping, int fd, deadline until,
                         shs_handle *handle) {
    struct message request = {
        .kind = WIRE_IMPORT, .offset = mapping->offset, .size = mapping->size, .access = (uint32_t)mapping->access
    };
    struct message response;
    struct peer *peer;
    const shs_status status = ask(context, to, &request, fd, &response, NULL, until, &peer);
    if (status != SHS_OK) return status;
    peer_end(context, peer);
    if (!handle_is_sane(response.handle)) return status_local(SHS_E_PROTOCOL);
    *handle = response.handle;
    return SHS_OK;
}

void client_release_segment(struct context *context, struct peer *peer, uint32_t base) {
    const struct message told = { .kind = WIRE_RELEASE_SEGMENT, .base = base };
    (void)pthread_mutex_lock(&context->lock);
    (void)peer_notify(peer, &told);
    (void)pthread_mutex_unlock(&context->lock);
}

shs_status client_add_segment(struct context *context, struct peer *peer, const struct geometry *geometry, int fd,
                              deadline until, struct segment **segment) {
    struct message request = {
        .kind = WIRE_ADD_SEGMENT, .count = geometry->count, .stride = geometry->stride, .offset = geometry->offset
    };
    struct message response;
    struct segment *given;
    shs_status status = peer_call(context, peer, &request, fd, &response, NULL, until);
    if (status == SHS_OK && response.base > INDEX_COUNT - geometry->count) status = status_local(SHS_E_PROTOCOL);
    if (status != SHS_OK) {
        fd_close(fd);
        return status;
    }
    status = segment_open(geometry, SEGMENT_GIVEN, true, fd, fd, &given);
    if (status != SHS_OK) {
        client_release_segment(context, peer, response.base);
        return status;
    }
    given->owner = peer->pid;
    given->giver = context->pid;
    given->base = response.base;
    given->peer = peer;
    *segment = given;
    return SHS_OK;
}

shs_status client_list(struct context *context, shs_pid owner, struct shs_block_info *blocks, size_t capacity,
                       size_t *count, deadline until) {
    struct message request = { .kind = WIRE_LIST };
    struct message response;
    struct peer *peer;
    int fd;
    const shs_status status = ask(context, owner, &request, -1, &response, &fd, until, &peer);
    if (status != SHS_OK) return status;
    peer_end(context, peer);
    return block_list_from_object(fd, response.count, blocks, capacity, count);
}

shs_status client_probe(struct context *context, shs_pid pid, deadline until) {
    struct message request = { .kind = WIRE_PROBE };
    struct message response;
    struct peer *peer;
    const shs_status status = ask(context, pid, &request, -1, &response, NULL, until, &peer);
    if (status == SHS_OK) peer_end(context, peer);
    return status;
}
