/*
 * Peers: looked up, reached, asked, given up. See peer.h.
 */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "descriptors.h"
#include "failure.h"
#include "fdpass.h"
#include "life.h"
#include "object.h"
#include "peer_connect.h"
#include "world.h"

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
    const _Atomic uint32_t *life = atomic_load(&peer->life);
    if (life != NULL && life_is_held(life)) return true;
    if (life != NULL && life_has_ended(life)) return false; /* a child of its may keep the connection open */
    return !connection_has_ended(atomic_load(&peer->fd));
}

/* The connection is gone: so is all that was known by it. Under the world's lock. */
static void disconnect(struct world *world, struct peer *peer) {
    const int fd = atomic_exchange(&peer->fd, -1);
    const _Atomic uint32_t *life = atomic_exchange(&peer->life, NULL);
    holdings_forget_peer(world, peer);
    thread_wait(world);
    descriptor_hang_up(fd);
    object_unmap((void *)(uintptr_t)life, object_page());
}

static void lose(struct world *world, struct peer *peer) {
    (void)pthread_mutex_lock(&world->lock);
    disconnect(world, peer);
    (void)pthread_mutex_unlock(&world->lock);
}

/* A peer that is not connected and that nobody uses is not worth remembering. */
static void drop_unused(struct world *world, struct peer *peer) {
    if (peer->uses > 0 || atomic_load(&peer->fd) >= 0) return;
    _Atomic(struct peer *) *place = bucket_of(&world->peers, peer->pid);
    while (atomic_load(place) != peer)
        place = &atomic_load(place)->next;
    atomic_store(place, atomic_load(&peer->next));
    world->peers.count--;
    thread_wait(world);
    handle_table_clear(&peer->known);
    free(peer);
}

/* The connection that was used least lately makes room for a new one. */
static void make_room(struct world *world) {
    struct rlimit limit;
    struct peer *oldest = NULL;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || world->peers.count < limit.rlim_cur / PEERS_SHARE) return;
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&world->peers.buckets[i]); peer != NULL; peer = atomic_load(&peer->next)) {
            if (peer->uses == 0 && (oldest == NULL || peer->used < oldest->used)) oldest = peer;
        }
    }
    if (oldest == NULL) return;
    disconnect(world, oldest);
    drop_unused(world, oldest);
}

static struct peer *find_or_make(struct world *world, shs_pid pid) {
    struct peer *peer = peer_find(&world->peers, pid);
    if (peer != NULL) return peer;
    make_room(world);
    peer = calloc(1, sizeof *peer);
    if (peer == NULL) return NULL;
    peer->pid = pid;
    atomic_init(&peer->fd, -1);
    _Atomic(struct peer *) *place = bucket_of(&world->peers, pid);
    atomic_init(&peer->next, atomic_load(place));
    atomic_store(place, peer);
    world->peers.count++;
    return peer;
}

/* Under the world's lock. */
static void end_use(struct world *world, struct peer *peer) {
    peer->uses--;
    drop_unused(world, peer);
}

/* Wait for this thread's turn with the peer; NULL and a status when it does not come. */
static struct peer *take_turn(struct world *world, shs_pid pid, deadline until, shs_status *status) {
    const struct timespec when = deadline_timespec(until);
    struct peer *taken = NULL;
    (void)pthread_mutex_lock(&world->lock);
    struct peer *peer = find_or_make(world, pid);
    if (peer == NULL) {
        *status = refusal(SHS_E_NO_MEMORY);
    } else {
        int error = 0;
        peer->uses++;
        while (peer->busy && error == 0)
            error = pthread_cond_timedwait(&world->changed, &world->lock, &when);
        if (peer->busy) {
            end_use(world, peer);
            *status = failure(error);
        } else {
            peer->busy = true;
            peer->used = clock_now();
            taken = peer;
        }
    }
    (void)pthread_mutex_unlock(&world->lock);
    return taken;
}

void peer_done(struct world *world, struct peer *peer) {
    (void)pthread_mutex_lock(&world->lock);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who got no turn has a failure() and never comes here */
    peer->busy = false;
    (void)pthread_cond_broadcast(&world->changed);
    end_use(world, peer);
    (void)pthread_mutex_unlock(&world->lock);
}

struct peer *peer_hold(struct world *world, shs_pid pid) {
    (void)pthread_mutex_lock(&world->lock);
    struct peer *peer = peer_find(&world->peers, pid);
    if (peer != NULL && !peer_is_alive(peer)) peer = NULL;
    if (peer != NULL) peer->uses++;
    (void)pthread_mutex_unlock(&world->lock);
    return peer;
}

void peer_let_go(struct world *world, struct peer *peer) {
    (void)pthread_mutex_lock(&world->lock);
    end_use(world, peer);
    (void)pthread_mutex_unlock(&world->lock);
}

/* Show the life word to this process; a peer without one, or with nonsense, is asked through its connection. */
static void map_life(struct peer *peer, int life_fd) {
    void *page = NULL;
    if (life_fd >= 0 && object_check(life_fd, object_page()) == SHS_OK &&
        object_map(life_fd, 0, object_page(), false, &page) == SHS_OK)
        atomic_store(&peer->life, page);
    descriptor_close(life_fd);
}

shs_status peer_reach(struct world *world, shs_pid pid, deadline until, struct peer **peer) {
    shs_status status = SHS_OK;
    struct peer *taken = take_turn(world, pid, until, &status);
    if (taken == NULL) return status;
    if (atomic_load(&taken->fd) >= 0 && !(descriptor_is_kept(atomic_load(&taken->fd)) && peer_is_alive(taken)))
        lose(world, taken);
    if (atomic_load(&taken->fd) < 0) {
        int fd = -1, life_fd = -1;
        status = peer_connect(world, pid, until, &fd, &life_fd);
        if (status == SHS_OK) {
            map_life(taken, life_fd);
            taken->answered = taken->serial;
            atomic_store(&taken->fd, fd);
        }
    }
    if (status == SHS_OK)
        *peer = taken;
    else
        peer_done(world, taken);
    return status;
}

/* An answer that came too late for its question: what it carries is not wanted any more. */
static void discard(struct world *world, struct peer *peer, const struct frame *answer, int fd) {
    descriptor_close(fd);
    if (answer->kind != WIRE_OFFER || answer->status != SHS_OK) return;
    const struct frame told = { .kind = WIRE_RETIRE, .base = answer->base };
    (void)frame_send(world, atomic_load(&peer->fd), &told, -1, clock_now());
}

static shs_status receive_answer(struct world *world, struct peer *peer, const struct frame *question,
                                 struct frame *answer, int *answer_fd, deadline until) {
    for (;;) {
        struct fdpass_extra extra = { .fd = -1 };
        const shs_status status = frame_receive(world, atomic_load(&peer->fd), answer, &extra, until);
        if (status != SHS_OK) return status;
        peer->answered = answer->serial;
        if (answer->serial != question->serial) {
            discard(world, peer, answer, extra.fd);
            if (deadline_left(until) == 0) return failure(ETIMEDOUT); /* it may send such answers for ever */
            continue;
        }
        if (extra.lost && answer_fd != NULL && answer->status == SHS_OK) answer->status = SHS_E_LIMIT;
        if (answer->kind != question->kind || answer->status > SHS_OK || answer->status < SHS_E_SYSTEM ||
            (extra.fd >= 0) != (answer_fd != NULL && answer->status == SHS_OK)) {
            descriptor_close(extra.fd);
            return refusal(SHS_E_PROTOCOL);
        }
        if (answer_fd != NULL) *answer_fd = extra.fd;
        return SHS_OK;
    }
}

/* A peer that has not answered for some time is asked nothing new before it does. */
static shs_status catch_up(struct world *world, struct peer *peer, deadline until) {
    shs_status status = SHS_OK;
    while (status == SHS_OK && peer->serial - peer->answered >= UNANSWERED_MOST) {
        struct fdpass_extra extra = { .fd = -1 };
        struct frame answer;
        status = frame_receive(world, atomic_load(&peer->fd), &answer, &extra, until);
        if (status != SHS_OK) return status;
        peer->answered = answer.serial;
        discard(world, peer, &answer, extra.fd);
        if (deadline_left(until) == 0) status = failure(ETIMEDOUT);
    }
    return status;
}

shs_status peer_ask(struct world *world, struct peer *peer, struct frame *question, int fd, struct frame *answer,
                    int *answer_fd, deadline until) {
    shs_status status = catch_up(world, peer, until);
    if (status == SHS_OK) {
        question->serial = ++peer->serial;
        status = frame_send(world, atomic_load(&peer->fd), question, fd, until);
    }
    if (status == SHS_OK) status = receive_answer(world, peer, question, answer, answer_fd, until);
    if (status == SHS_OK) return answer->status == SHS_OK ? SHS_OK : refusal((shs_status)answer->status);
    if (status != SHS_E_TIMEOUT) lose(world, peer);
    return status;
}

bool peer_tell(struct peer *peer, const struct frame *told) {
    uint8_t bytes[WIRE_SIZE];
    if (!descriptor_is_kept(atomic_load(&peer->fd))) return true; /* there is nobody to tell */
    wire_encode(told, bytes);
    const ssize_t sent = fdpass_send(atomic_load(&peer->fd), bytes, sizeof bytes, -1);
    return sent == (ssize_t)sizeof bytes || (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

static void each_idle(struct world *world, bool all) {
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&world->peers.buckets[i]), *next; peer != NULL; peer = next) {
            next = atomic_load(&peer->next);
            if (peer->uses > 0 || (!all && peer_is_alive(peer))) continue;
            disconnect(world, peer);
            drop_unused(world, peer);
        }
    }
}

void peers_sweep(struct world *world) { each_idle(world, false); }

void peers_close(struct world *world) { each_idle(world, true); }

void peers_abandon(struct peers *peers) {
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&peers->buckets[i]); peer != NULL; peer = atomic_load(&peer->next)) {
            object_unmap((void *)(uintptr_t)atomic_load(&peer->life), object_page());
        }
    }
}
