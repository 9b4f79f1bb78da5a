/*
 * What peers say unasked. See peer_watch.h.
 *
 * The tag of a connection in the server's poller is its peer's bucket, which is always there.
 */
#include "state/peer_watch.h"

#include "os/fd_tracking.h"
#include "os/poller.h"
#include "state/context.h"
#include "state/notifications.h"

/* Under the lock. False where that is for later. */
static bool watch(struct context *context, struct peer *peer, int poller, bool also_busy) {
    struct peer_connection *connection = atomic_load(&peer->connection);
    _Atomic(struct peer *) *bucket = &context->peers.buckets[peer_bucket(peer->pid)];
    if (connection == NULL || connection->watched || connection->ended || !shs__fd_is_ours(poller)) return true;
    if (peer->busy && !also_busy) return false;
    connection->watched = shs__fd_is_ours(connection->fd) && shs__poller_watch_once(poller, connection->fd, bucket);
    return true;
}

static bool watch_bucket(struct context *context, unsigned bucket, int poller, bool also_busy) {
    bool all = true;
    context_lock(context);
    struct peer *peer = atomic_load(&context->peers.buckets[bucket]);
    for (; peer != NULL; peer = atomic_load(&peer->next))
        all = watch(context, peer, poller, also_busy) && all;
    context_unlock(context);
    return all;
}

bool shs__peer_watch_all(struct context *context, int poller, bool also_busy) {
    bool all = true;
    if (!atomic_exchange(&context->peers.unwatched, false)) return false; /* what is new from here on sets it again */
    for (unsigned bucket = 0; bucket < PEER_BUCKETS; bucket++) {
        if (atomic_load(&context->peers.buckets[bucket]) != NULL)
            all = watch_bucket(context, bucket, poller, also_busy) && all;
    }
    if (!all) atomic_store(&context->peers.unwatched, true);
    return !all;
}

/* Under the lock. */
static void forget(struct peer *peer) {
    struct peer_connection *connection = atomic_load(&peer->connection);
    if (connection != NULL) connection->watched = false;
}

void shs__peer_watch_anew(struct context *context) {
    for (unsigned bucket = 0; bucket < PEER_BUCKETS; bucket++) {
        context_lock(context);
        struct peer *peer = atomic_load(&context->peers.buckets[bucket]);
        for (; peer != NULL; peer = atomic_load(&peer->next))
            forget(peer);
        context_unlock(context);
    }
    atomic_store(&context->peers.unwatched, true);
}

static void note_pending(struct context *context, unsigned bucket) {
    context_lock(context);
    struct peer *peer = atomic_load(&context->peers.buckets[bucket]);
    for (; peer != NULL; peer = atomic_load(&peer->next)) {
        peer->pending = true;
        forget(peer);
    }
    context_unlock(context);
    atomic_store(&context->peers.unwatched, true);
}

bool shs__peer_watch_handle(struct context *context, const void *tag) {
    const uintptr_t first = (uintptr_t)context->peers.buckets, at = (uintptr_t)tag;
    if (at < first || at >= first + sizeof context->peers.buckets) return false;
    const unsigned bucket = (unsigned)((at - first) / sizeof context->peers.buckets[0]);
    note_pending(context, bucket);
    for (struct peer *peer; (peer = shs__peer_take_pending(context, bucket)) != NULL;)
        shs__peer_end(context, peer);
    return true;
}
