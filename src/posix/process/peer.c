/*
 * Peers: looked up, reached, asked, given up. See peer.h.
 */
#include "process/peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "ipc/connect.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/liveness.h"
#include "os/shm_object.h"
#include "process/context.h"

/* Connections in either direction have a quarter of the descriptors together. */
#define PEERS_SHARE 8

/* Questions that a peer may owe an answer to: each may hold a descriptor on its way, of which a user has few. */
#define UNANSWERED_MOST 4

static _Atomic(struct peer *) *bucket_of(struct peers *peers, shs_pid pid) {
    return &peers->buckets[(pid * UINT32_C(2654435761)) >> 24];
}

struct peer *peer_find(struct peers *peers, shs_pid pid) {
    struct peer *peer = atomic_load(bucket_of(peers, pid));
    while (peer != NULL && peer->pid != pid)
        peer = atomic_load(&peer->next);
    return peer;
}

static bool connection_has_ended(int fd) {
    struct pollfd watched = { .fd = fd };
    return fd < 0 || (poll(&watched, 1, 0) > 0 && (watched.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0);
}

bool peer_is_alive(const struct peer *peer) {
    const _Atomic uint32_t *liveness = atomic_load(&peer->liveness);
    if (liveness != NULL && liveness_is_held(liveness)) return true;
    if (liveness != NULL && liveness_has_ended(liveness))
        return false; /* a child of its may keep the connection open */
    return !connection_has_ended(atomic_load(&peer->fd));
}

/* The connection is gone: so is all that was known by it. Under the world's lock. */
static void disconnect(struct context *context, struct peer *peer) {
    const int fd = atomic_exchange(&peer->fd, -1);
    const _Atomic uint32_t *liveness = atomic_exchange(&peer->liveness, NULL);
    registry_unlink_peer(context, peer);
    reader_synchronize(context);
    fd_hang_up(fd);
    shm_object_unmap((void *)(uintptr_t)liveness, page_size());
}

static void lose(struct context *context, struct peer *peer) {
    (void)pthread_mutex_lock(&context->lock);
    disconnect(context, peer);
    (void)pthread_mutex_unlock(&context->lock);
}

/* A peer that is not connected and that nobody uses is not worth remembering. */
static void drop_unused(struct context *context, struct peer *peer) {
    if (peer->uses > 0 || atomic_load(&peer->fd) >= 0) return;
    _Atomic(struct peer *) *place = bucket_of(&context->peers, peer->pid);
    while (atomic_load(place) != peer)
        place = &atomic_load(place)->next;
    atomic_store(place, atomic_load(&peer->next));
    context->peers.count--;
    reader_synchronize(context);
    handle_table_clear(&peer->known);
    free(peer);
}

/* The connection that was used least lately makes room for a new one. */
static void make_room(struct context *context) {
    struct rlimit limit;
    struct peer *oldest = NULL;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || context->peers.count < limit.rlim_cur / PEERS_SHARE) return;
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&context->peers.buckets[i]); peer != NULL;
             peer = atomic_load(&peer->next)) {
            if (peer->uses == 0 && (oldest == NULL || peer->used < oldest->used)) oldest = peer;
        }
    }
    if (oldest == NULL) return;
    disconnect(context, oldest);
    drop_unused(context, oldest);
}

static struct peer *find_or_make(struct context *context, shs_pid pid) {
    struct peer *peer = peer_find(&context->peers, pid);
    if (peer != NULL) return peer;
    make_room(context);
    peer = calloc(1, sizeof *peer);
    if (peer == NULL) return NULL;
    peer->pid = pid;
    atomic_init(&peer->fd, -1);
    _Atomic(struct peer *) *place = bucket_of(&context->peers, pid);
    atomic_init(&peer->next, atomic_load(place));
    atomic_store(place, peer);
    context->peers.count++;
    return peer;
}

/* Under the world's lock. */
static void end_use(struct context *context, struct peer *peer) {
    peer->uses--;
    drop_unused(context, peer);
}

/* Wait for this thread's turn with the peer; NULL and a status when it does not come. */
static struct peer *take_turn(struct context *context, shs_pid pid, deadline until, shs_status *status) {
    const struct timespec when = deadline_timespec(until);
    struct peer *taken = NULL;
    (void)pthread_mutex_lock(&context->lock);
    struct peer *peer = find_or_make(context, pid);
    if (peer == NULL) {
        *status = status_local(SHS_E_NO_MEMORY);
    } else {
        int error = 0;
        peer->uses++;
        while (peer->busy && error == 0)
            error = pthread_cond_timedwait(&context->changed, &context->lock, &when);
        if (peer->busy) {
            end_use(context, peer);
            *status = status_from_errno(error);
        } else {
            peer->busy = true;
            peer->used = clock_now();
            taken = peer;
        }
    }
    (void)pthread_mutex_unlock(&context->lock);
    return taken;
}

void peer_end(struct context *context, struct peer *peer) {
    (void)pthread_mutex_lock(&context->lock);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who got no turn has a failure() and never comes here */
    peer->busy = false;
    (void)pthread_cond_broadcast(&context->changed);
    end_use(context, peer);
    (void)pthread_mutex_unlock(&context->lock);
}

struct peer *peer_get(struct context *context, shs_pid pid) {
    (void)pthread_mutex_lock(&context->lock);
    struct peer *peer = peer_find(&context->peers, pid);
    if (peer != NULL && !peer_is_alive(peer)) peer = NULL;
    if (peer != NULL) peer->uses++;
    (void)pthread_mutex_unlock(&context->lock);
    return peer;
}

void peer_put(struct context *context, struct peer *peer) {
    (void)pthread_mutex_lock(&context->lock);
    end_use(context, peer);
    (void)pthread_mutex_unlock(&context->lock);
}

/* Show the life word to this process; a peer without one, or with nonsense, is asked through its connection. */
static void map_liveness(struct peer *peer, int liveness_fd) {
    void *page = NULL;
    if (liveness_fd >= 0 && shm_object_check(liveness_fd, page_size()) == SHS_OK &&
        shm_object_map(liveness_fd, 0, page_size(), false, &page) == SHS_OK)
        atomic_store(&peer->liveness, page);
    fd_close(liveness_fd);
}

shs_status peer_begin(struct context *context, shs_pid pid, deadline until, struct peer **peer) {
    shs_status status = SHS_OK;
    struct peer *taken = take_turn(context, pid, until, &status);
    if (taken == NULL) return status;
    if (atomic_load(&taken->fd) >= 0 && !(fd_is_ours(atomic_load(&taken->fd)) && peer_is_alive(taken)))
        lose(context, taken);
    if (atomic_load(&taken->fd) < 0) {
        int fd = -1, liveness_fd = -1;
        status = connect_peer(context, pid, until, &fd, &liveness_fd);
        if (status == SHS_OK) {
            map_liveness(taken, liveness_fd);
            taken->answered = taken->serial;
            atomic_store(&taken->fd, fd);
        }
    }
    if (status == SHS_OK)
        *peer = taken;
    else
        peer_end(context, taken);
    return status;
}

/* An answer that came too late for its question: what it carries is not wanted any more. */
static void discard(struct context *context, struct peer *peer, const struct message *response, int fd) {
    fd_close(fd);
    if (response->kind != WIRE_ADD_SEGMENT || response->status != SHS_OK) return;
    const struct message told = { .kind = WIRE_RELEASE_SEGMENT, .base = response->base };
    (void)message_send(context, atomic_load(&peer->fd), &told, -1, clock_now());
}

static shs_status receive_answer(struct context *context, struct peer *peer, const struct message *request,
                                 struct message *response, int *response_fd, deadline until) {
    for (;;) {
        struct fdpass_extra extra = { .fd = -1 };
        const shs_status status = message_receive(context, atomic_load(&peer->fd), response, &extra, until);
        if (status != SHS_OK) return status;
        peer->answered = response->serial;
        if (response->serial != request->serial) {
            discard(context, peer, response, extra.fd);
            if (deadline_left(until) == 0) return status_from_errno(ETIMEDOUT); /* it may send such answers for ever */
            continue;
        }
        if (extra.lost && response_fd != NULL && response->status == SHS_OK)
            response->status = backend_error(SHS_E_LIMIT, EMFILE);
        else if (response->status != SHS_OK)
            (void)status_local((shs_status)response->status);
        if (response->kind != request->kind || response->status > SHS_OK || response->status < SHARE_LAST_STATUS ||
            (extra.fd >= 0) != (response_fd != NULL && response->status == SHS_OK)) {
            fd_close(extra.fd);
            return status_local(SHS_E_PROTOCOL);
        }
        if (response_fd != NULL) *response_fd = extra.fd;
        return SHS_OK;
    }
}

/* A peer that has not answered for some time is asked nothing new before it does. */
static shs_status catch_up(struct context *context, struct peer *peer, deadline until) {
    shs_status status = SHS_OK;
    while (status == SHS_OK && peer->serial - peer->answered >= UNANSWERED_MOST) {
        struct fdpass_extra extra = { .fd = -1 };
        struct message response;
        status = message_receive(context, atomic_load(&peer->fd), &response, &extra, until);
        if (status != SHS_OK) return status;
        peer->answered = response.serial;
        discard(context, peer, &response, extra.fd);
        if (deadline_left(until) == 0) status = status_from_errno(ETIMEDOUT);
    }
    return status;
}

shs_status peer_call(struct context *context, struct peer *peer, struct message *request, int fd,
                     struct message *response, int *response_fd, deadline until) {
    shs_status status = catch_up(context, peer, until);
    if (status == SHS_OK) {
        request->serial = ++peer->serial;
        status = message_send(context, atomic_load(&peer->fd), request, fd, until);
    }
    if (status == SHS_OK) status = receive_answer(context, peer, request, response, response_fd, until);
    if (status == SHS_OK) return (shs_status)response->status;
    if (status != SHS_E_TIMEOUT) lose(context, peer);
    return status;
}

bool peer_notify(struct peer *peer, const struct message *told) {
    uint8_t bytes[WIRE_SIZE];
    if (!fd_is_ours(atomic_load(&peer->fd))) return true; /* there is nobody to tell */
    wire_encode(told, bytes);
    const ssize_t sent = fdpass_send(atomic_load(&peer->fd), bytes, sizeof bytes, -1);
    return sent == (ssize_t)sizeof bytes || (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

static void each_idle(struct context *context, bool all) {
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&context->peers.buckets[i]), *next; peer != NULL; peer = next) {
            next = atomic_load(&peer->next);
            if (peer->uses > 0 || (!all && peer_is_alive(peer))) continue;
            disconnect(context, peer);
            drop_unused(context, peer);
        }
    }
}

void peers_sweep(struct context *context) { each_idle(context, false); }

void peers_close(struct context *context) { each_idle(context, true); }

void peers_abandon(struct peers *peers) {
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&peers->buckets[i]); peer != NULL; peer = atomic_load(&peer->next)) {
            shm_object_unmap((void *)(uintptr_t)atomic_load(&peer->liveness), page_size());
        }
    }
}
