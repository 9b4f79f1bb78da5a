/*
 * Blocks of other processes. See remote.h.
 */
#include "remote.h"

#include "answers.h"
#include "descriptors.h"
#include "failure.h"
#include "list.h"
#include "object.h"
#include "world.h"

/* A kept connection may turn out to be gone only when it is used; then the process is reached anew. */
#define TRIES 3

/* Ask a process. On success the peer stays this thread's until peer_done(). */
static shs_status ask(struct world *world, shs_pid pid, struct frame *question, int fd, struct frame *answer,
                      int *answer_fd, deadline until, struct peer **peer) {
    shs_status status = SHS_E_NOT_ATTACHED;
    for (int tries = 0; tries < TRIES && status == SHS_E_NOT_ATTACHED; tries++) {
        status = peer_reach(world, pid, until, peer);
        if (status != SHS_OK) return status;
        status = peer_ask(world, *peer, question, fd, answer, answer_fd, until);
        if (status != SHS_OK) peer_done(world, *peer);
    }
    return status;
}

/* The second half of a block that was mapped there: its data is in an object of its own. */
static shs_status find_data(struct world *world, struct peer *peer, shs_handle handle, deadline until, int *fd) {
    struct frame question = { .kind = WIRE_DATA, .handle = handle };
    struct frame answer;
    return peer_ask(world, peer, &question, -1, &answer, fd, until);
}

static shs_status check_place(const struct frame *answer, const struct geometry *geometry, shs_handle handle) {
    const uint32_t index = handle_index(handle);
    const bool fits = geometry_is_sane(geometry, answer->split != 0) && answer->base <= INDEX_COUNT - geometry->count &&
                      index >= answer->base && index - answer->base < geometry->count;
    return fits ? SHS_OK : refusal(SHS_E_PROTOCOL);
}

/* Map what the owner showed, and let its handles lead there. fd is taken over. */
static shs_status know(struct world *world, struct peer *peer, shs_handle handle, const struct frame *answer, int fd,
                       deadline until) {
    const struct geometry geometry = { answer->count, answer->stride, answer->offset };
    struct segment *segment;
    int data_fd = fd;
    shs_status status = check_place(answer, &geometry, handle);
    if (status == SHS_OK && answer->split != 0) status = find_data(world, peer, handle, until, &data_fd);
    if (status == SHS_OK) status = object_check(data_fd, segment_extent(&geometry));
    if (status == SHS_OK) status = object_check(fd, segment_head(geometry.count));
    if (status != SHS_OK) {
        if (data_fd != fd) descriptor_close(data_fd);
        descriptor_close(fd);
        return status;
    }
    status = segment_open(&geometry, SEGMENT_KNOWN, answer->access == SHS_READ_WRITE, fd, data_fd, &segment);
    if (status != SHS_OK) return status;
    segment->owner = peer->pid;
    segment->giver = answer->pid;
    segment->base = answer->base;
    segment->peer = peer;
    (void)pthread_mutex_lock(&world->lock);
    status = holdings_add(world, segment);
    (void)pthread_mutex_unlock(&world->lock);
    return status;
}

shs_status remote_find(struct world *world, shs_handle handle, shs_pid owner, deadline until) {
    struct frame question = { .kind = WIRE_FIND, .handle = handle };
    struct frame answer;
    struct peer *peer;
    int fd;
    shs_status status = ask(world, owner, &question, -1, &answer, &fd, until, &peer);
    if (status != SHS_OK) return status;
    status = know(world, peer, handle, &answer, fd, until);
    peer_done(world, peer);
    return status;
}

shs_status remote_pass_on(struct world *world, shs_handle handle, shs_pid owner, deadline until, struct mapping *passed,
                          int *fd) {
    struct frame question = { .kind = WIRE_DATA, .handle = handle };
    struct frame answer;
    struct peer *peer;
    const shs_status status = ask(world, owner, &question, -1, &answer, fd, until, &peer);
    if (status != SHS_OK) return status;
    peer_done(world, peer);
    passed->offset = answer.offset;
    passed->size = answer.size;
    passed->access = (shs_access)answer.access;
    return SHS_OK;
}

shs_status remote_map(struct world *world, shs_pid to, const struct mapping *mapping, int fd, deadline until,
                      shs_handle *handle) {
    struct frame question = {
        .kind = WIRE_MAP, .offset = mapping->offset, .size = mapping->size, .access = (uint32_t)mapping->access
    };
    struct frame answer;
    struct peer *peer;
    const shs_status status = ask(world, to, &question, fd, &answer, NULL, until, &peer);
    if (status != SHS_OK) return status;
    peer_done(world, peer);
    if (!handle_is_sane(answer.handle)) return refusal(SHS_E_PROTOCOL);
    *handle = answer.handle;
    return SHS_OK;
}

void remote_retire(struct world *world, struct peer *peer, uint32_t base) {
    const struct frame told = { .kind = WIRE_RETIRE, .base = base };
    (void)pthread_mutex_lock(&world->lock);
    (void)peer_tell(peer, &told);
    (void)pthread_mutex_unlock(&world->lock);
}

shs_status remote_offer(struct world *world, struct peer *peer, const struct geometry *geometry, int fd, deadline until,
                        struct segment **segment) {
    struct frame question = {
        .kind = WIRE_OFFER, .count = geometry->count, .stride = geometry->stride, .offset = geometry->offset
    };
    struct frame answer;
    struct segment *given;
    shs_status status = peer_ask(world, peer, &question, fd, &answer, NULL, until);
    if (status == SHS_OK && answer.base > INDEX_COUNT - geometry->count) status = refusal(SHS_E_PROTOCOL);
    if (status != SHS_OK) {
        descriptor_close(fd);
        return status;
    }
    status = segment_open(geometry, SEGMENT_GIVEN, true, fd, fd, &given);
    if (status != SHS_OK) {
        remote_retire(world, peer, answer.base);
        return status;
    }
    given->owner = peer->pid;
    given->giver = world->pid;
    given->base = answer.base;
    given->peer = peer;
    *segment = given;
    return SHS_OK;
}

shs_status remote_list(struct world *world, shs_pid owner, struct shs_block_info *blocks, size_t capacity,
                       size_t *count, deadline until) {
    struct frame question = { .kind = WIRE_LIST };
    struct frame answer;
    struct peer *peer;
    int fd;
    const shs_status status = ask(world, owner, &question, -1, &answer, &fd, until, &peer);
    if (status != SHS_OK) return status;
    peer_done(world, peer);
    return list_from_object(fd, answer.count, blocks, capacity, count);
}

shs_status remote_probe(struct world *world, shs_pid pid, deadline until) {
    struct frame question = { .kind = WIRE_PROBE };
    struct frame answer;
    struct peer *peer;
    const shs_status status = ask(world, pid, &question, -1, &answer, NULL, until, &peer);
    if (status == SHS_OK) peer_done(world, peer);
    return status;
}
