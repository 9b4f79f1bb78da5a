/*
 * Peers: looked up, taken in turns, ended. See peer.h; what is said to them is in peer_call.c.
 */
#include "state/peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "ipc/message_io.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/liveness.h"
#include "os/pages.h"
#include "os/process_info.h"
#include "os/shm_object.h"
#include "os/timed_wait.h"
#include "state/context.h"
#include "state/descriptor_shares.h"
#include "state/wakeup.h"

/* Segments, between which the lock is given back. */
#define UNLINKED_AT_ONCE 16

struct peer *shs__peer_find(struct peers *peers, shs_pid pid) {
    struct peer *peer = atomic_load(&peers_bucket(peers, pid)->first);
    while (peer != NULL && peer->pid != pid)
        peer = atomic_load(&peer->next);
    return peer;
}

static bool has_ended(int fd) {
    struct pollfd watched = { .fd = fd };
    if (!shs__fd_is_ours(fd)) return true;
    return poll(&watched, 1, 0) > 0 && (watched.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

bool shs__peer_is_alive(const struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    if (connection == NULL) return false;
    const _Atomic uint32_t *liveness = connection->liveness;
    if (liveness != NULL && shs__liveness_is_held(liveness)) return true;
    if (liveness != NULL && shs__liveness_has_ended(liveness)) return false;
    /* it shows none, and a child of its may keep it connected */
    if (liveness == NULL && shs__process_info_has_ended(peer->pid)) return false;
    return !has_ended(connection->fd);
}

/* ---- ends ---- */

/* Whoever has nothing mapped any more needs no number; where it cannot be said, the owner learns it by our end. */
static void give_number_back(struct context *context, const struct peer_connection *connection) {
    const struct message told = { .kind = WIRE_RELEASE_NUMBER };
    const struct waiting wait = wait_not();
    const bool unused = shs__third_grant_end(context, connection->grant);
    if (unused) (void)shs__message_send(connection->fd, &told, -1, &wait);
}

static void close_connection(struct rcu_item *item, void *context) {
    struct peer_connection *connection = (void *)((char *)item - offsetof(struct peer_connection, item));
    give_number_back(context, connection);
    shs__fdpass_close(connection->fd);
    shs__shm_object_unmap((void *)(uintptr_t)connection->liveness, page_size());
    free(connection);
}

static void free_peer(struct rcu_item *item, void *context) {
    struct peer *peer = (void *)((char *)item - offsetof(struct peer, item));
    (void)context;
    shs__handle_table_clear(&peer->known);
    free(peer);
}

static void drop_releases(struct peer *peer) {
    for (struct release *release = peer->releases, *next; release != NULL; release = next) {
        next = release->next;
        free(release);
    }
    peer->releases = peer->releases_last = NULL;
}

/* False when none is left but those that a thread holds, which are unlinked when it is done. */
static bool unlink_some(struct context *context, const struct peer *peer) {
    unsigned unlinked = 0;
    context_lock(context);
    for (struct segment *segment = peer->segments, *next; segment != NULL && unlinked < UNLINKED_AT_ONCE;
         segment = next) {
        next = segment->next_of_peer;
        if (segment->unlink_pending) continue;
        shs__registry_unlink(context, segment);
        unlinked++;
    }
    context_unlock(context);
    return unlinked == UNLINKED_AT_ONCE;
}

static void unlink_segments(struct context *context, const struct peer *peer) {
    while (unlink_some(context, peer))
        continue;
}

void shs__peer_disconnect(struct context *context, struct peer *peer) {
    context_lock(context);
    struct peer_connection *connection = atomic_exchange(&peer->connection, NULL);
    drop_releases(peer); /* the owner retires all that the connection gave when it ends */
    context_unlock(context);
    if (connection == NULL) return;
    unlink_segments(context, peer); /* before it: whether a number is used still */
    shs__rcu_defer(&context->rcu, &connection->item, close_connection);
}

/* Under the lock, as all that orders them. */
static void put_latest(struct peers *peers, struct peer *peer) {
    peer->before = peers->latest;
    peer->after = NULL;
    *(peers->latest == NULL ? &peers->least_lately : &peers->latest->after) = peer;
    peers->latest = peer;
}

static void take_from_order(struct peers *peers, const struct peer *peer) {
    *(peer->before == NULL ? &peers->least_lately : &peer->before->after) = peer->after;
    *(peer->after == NULL ? &peers->latest : &peer->after->before) = peer->before;
}

/* A peer that is not connected and that nobody uses is not worth remembering. Under the lock. */
static void drop_unused(struct context *context, struct peer *peer) {
    if (peer->uses > 0 || atomic_load(&peer->connection) != NULL) return;
    take_from_order(&context->peers, peer);
    _Atomic(struct peer *) *place = &peers_bucket(&context->peers, peer->pid)->first;
    while (atomic_load(place) != peer)
        place = &atomic_load(place)->next;
    atomic_store(place, atomic_load(&peer->next));
    context->peers.count--;
    shs__rcu_defer(&context->rcu, &peer->item, free_peer);
}

/* Under the lock. */
static bool is_ending(const struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    return connection != NULL && connection->ending;
}

/* ---- turns ---- */

/* One that the peer wants, and this process does not. */
static void begin_heard(struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    peer->uses++;
    peer->busy = true;
    if (connection != NULL && !connection->watched) peer->pending = true; /* nobody else hears it */
}

static void begin_turn(struct peers *peers, struct peer *peer) {
    begin_heard(peer);
    peer->used = clock_now();
    take_from_order(peers, peer);
    put_latest(peers, peer);
}

void shs__peer_put(struct context *context, struct peer *peer) {
    context_lock(context);
    peer->uses--;
    const bool ends = peer->uses == 0 && is_ending(peer);
    if (ends)
        begin_turn(&context->peers, peer);
    else
        drop_unused(context, peer);
    context_unlock(context);
    if (ends) (void)shs__peer_try_end(context, peer);
    context_reclaim(context);
}

/* The server is told of a new connection when its first turn ends: until then the thread that has the turn hears it,
 * and would only be disturbed. Under the lock. */
static void announce(struct context *context, const struct peer *peer) {
    struct peer_connection *connection = atomic_load(&peer->connection);
    if (connection == NULL || connection->announced) return;
    connection->announced = true;
    atomic_store(&peers_bucket(&context->peers, peer->pid)->unwatched, true);
    shs__wakeup_send(context);
}

/* Under the lock. */
static void give_back_turn(struct context *context, struct peer *peer) {
    peer->busy = false;
    announce(context, peer);
    (void)pthread_cond_broadcast(&context->turn_ended);
}

bool shs__peer_try_end(struct context *context, struct peer *peer) {
    context_lock(context);
    const bool ending = is_ending(peer);
    context_unlock(context);
    if (ending) shs__peer_disconnect(context, peer);
    context_lock(context);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who got no turn has a status and never comes here */
    const bool ends = !peer->pending || atomic_load(&peer->connection) == NULL;
    peer->pending = false;
    if (ends) give_back_turn(context, peer);
    context_unlock(context);
    if (ends) shs__peer_put(context, peer);
    return ends;
}

/* A turn with a peer that lives is ended the next time. */
static void disconnect_and_end(struct context *context, struct peer *peer) {
    shs__peer_disconnect(context, peer);
    (void)shs__peer_try_end(context, peer);
}

static struct peer *oldest_unused(const struct peers *peers) {
    struct peer *peer = peers->least_lately;
    while (peer != NULL && peer->uses > 0)
        peer = peer->after;
    return peer;
}

/* The connection that was used least lately makes room for a new one. */
static void make_room(struct context *context, shs_pid pid) {
    struct peer *oldest = NULL;
    context_lock(context);
    if (shs__peer_find(&context->peers, pid) == NULL && context->peers.count >= shs__descriptor_share_peers())
        oldest = oldest_unused(&context->peers);
    if (oldest != NULL) begin_turn(&context->peers, oldest);
    context_unlock(context);
    if (oldest == NULL) return;
    disconnect_and_end(context, oldest);
}

/* Under the lock. NULL without memory. */
static struct peer *find_or_make(struct context *context, shs_pid pid) {
    struct peer *peer = shs__peer_find(&context->peers, pid);
    if (peer != NULL) return peer;
    peer = calloc(1, sizeof *peer);
    if (peer == NULL) return NULL;
    peer->pid = pid;
    _Atomic(struct peer *) *place = &peers_bucket(&context->peers, pid)->first;
    atomic_init(&peer->next, atomic_load(place));
    atomic_store(place, peer);
    put_latest(&context->peers, peer);
    context->peers.count++;
    return peer;
}

/* Under the lock, which is given back while it waits. */
static shs_status wait_for_turn(struct context *context, struct peer *peer, deadline until) {
    int error = 0;
    peer->uses++;
    while (peer->busy && error == 0)
        error = shs__timed_wait(&context->turn_ended, &context->lock, until);
    peer->uses--;
    if (!peer->busy) return SHS_OK;
    drop_unused(context, peer);
    return shs__status_from_errno(error);
}

shs_status shs__peer_take_turn(struct context *context, shs_pid pid, const struct waiting *wait, struct peer **peer) {
    make_room(context, pid);
    context_lock(context);
    struct peer *found = find_or_make(context, pid);
    const shs_status status =
        found == NULL ? status_local(SHS_E_NO_MEMORY) : wait_for_turn(context, found, wait->until);
    if (status == SHS_OK) {
        begin_turn(&context->peers, found);
        *peer = found;
    }
    context_unlock(context);
    if (status != SHS_OK) context_reclaim(context); /* a peer for which nobody waits any more */
    return status;
}

struct peer *shs__peer_get(struct thread *thread, shs_pid pid) {
    struct context *context = thread->context;
    thread_enter(thread);
    struct peer *peer = shs__peer_find(&context->peers, pid);
    const bool alive = peer != NULL && shs__peer_is_alive(peer);
    thread_leave(thread);
    if (!alive) return NULL;
    context_lock(context);
    peer = shs__peer_find(&context->peers, pid);
    if (peer != NULL) peer->uses++;
    context_unlock(context);
    return peer;
}

/* ---- releases ---- */

bool shs__peer_queue_release(struct context *context, struct peer *peer, enum wire_kind kind, uint32_t number) {
    if (atomic_load(&peer->connection) == NULL) return true; /* there is nobody to tell */
    struct release *release = malloc(sizeof *release);
    if (release == NULL) return false;
    *release = (struct release){ NULL, kind, number };
    *(peer->releases == NULL ? &peer->releases : &peer->releases_last->next) = release;
    peer->releases_last = release;
    peer->pending = peer->busy;
    atomic_store(&peers_bucket(&context->peers, peer->pid)->queued, true);
    return true;
}

/* Under the lock. */
static struct peer *find_queued(struct peer_bucket *bucket, deadline before) {
    bool left = false;
    struct peer *peer = atomic_load(&bucket->first);
    for (; peer != NULL; peer = atomic_load(&peer->next)) {
        left = left || peer->releases != NULL;
        if (peer->releases != NULL && !peer->busy && peer->used < before) break;
    }
    atomic_store(&bucket->queued, left);
    return peer;
}

struct peer *shs__peer_take_queued(struct context *context, struct peer_bucket *bucket, deadline before) {
    if (!atomic_load(&bucket->queued)) return NULL;
    context_lock(context);
    struct peer *peer = find_queued(bucket, before);
    if (peer != NULL) begin_turn(&context->peers, peer);
    context_unlock(context);
    return peer;
}

struct peer *shs__peer_take_pending(struct context *context, const struct peer_bucket *bucket) {
    context_lock(context);
    struct peer *peer = atomic_load(&bucket->first);
    while (peer != NULL && (peer->busy || !peer->pending))
        peer = atomic_load(&peer->next);
    if (peer != NULL) begin_heard(peer);
    context_unlock(context);
    return peer;
}

/* ---- all of them ---- */

struct peer *shs__peer_take_unused(struct context *context, shs_pid pid) {
    context_lock(context);
    struct peer *peer = shs__peer_find(&context->peers, pid);
    if (peer != NULL && peer->uses > 0) peer = NULL;
    if (peer != NULL) begin_turn(&context->peers, peer);
    context_unlock(context);
    return peer;
}

/* Of those that were there before: other threads may go on connecting. */
static struct peer *take_first_unused(struct context *context, deadline before) {
    context_lock(context);
    struct peer *peer = oldest_unused(&context->peers);
    if (peer != NULL && peer->used > before) peer = NULL;
    if (peer != NULL) begin_turn(&context->peers, peer);
    context_unlock(context);
    return peer;
}

static void end_when_done(struct context *context) {
    context_lock(context);
    for (struct peer *peer = context->peers.latest; peer != NULL; peer = peer->before) {
        struct peer_connection *connection = atomic_load(&peer->connection);
        if (connection != NULL) connection->ending = true;
    }
    context_unlock(context);
}

void shs__peers_end_all(struct context *context) {
    const deadline now = clock_now();
    end_when_done(context);
    for (struct peer *peer; (peer = take_first_unused(context, now)) != NULL;)
        disconnect_and_end(context, peer);
}

static void abandon_connection(struct peer_connection *connection) {
    if (connection == NULL) return;
    shs__shm_object_unmap((void *)(uintptr_t)connection->liveness, page_size());
    connection->liveness = NULL; /* a second time, something else may lie there */
}

void shs__peers_abandon(struct peers *peers) {
    for (int i = 0; i < PEER_BUCKETS; i++) {
        for (struct peer *peer = atomic_load(&peers->buckets[i].first); peer != NULL; peer = atomic_load(&peer->next))
            abandon_connection(atomic_load(&peer->connection));
    }
}
