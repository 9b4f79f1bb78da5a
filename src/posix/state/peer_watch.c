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
    struct peer_bucket *bucket = peers_bucket(&context->peers, peer->pid);
    if (connection == NULL || connection->watched || connection->ended || !shs__fd_is_ours(poller)) return true;
    if (peer->busy && !also_busy) return false;
    connection->watched = shs__fd_is_ours(connection->fd) && shs__poller_watch_once(poller, connection->fd, bucket);
    return true;
}

static bool watch_bucket(struct context *context, struct peer_bucket *bucket, int poller, bool also_busy) {
    bool all = true;
    if (!atomic_load(&bucket->unwatched)) return true;
    atomic_store(&bucket->unwatched, false); /* what is new from here on sets it again */
    context_lock(context);
    struct peer *peer = atomic_load(&bucket->first);
    for (; peer != NULL; peer = atomic_load(&peer->next))
        all = watch(context, peer, poller, also_busy) && all;
    context_unlock(context);
    if (!all) atomic_store(&bucket->unwatched, true);
    return all;
}

bool shs__peer_watch_all(struct context *context, int poller, bool also_busy) {
    bool all = true;
    for (unsigned i = 0; i < PEER_BUCKETS; i++)
        all = watch_bucket(context, &context->peers.buckets[i], poller, also_busy) && all;
    return !all;
}

/* Under the lock. */
static void forget(struct peer *peer) {
    struct peer_connection *connection = atomic_load(&peer->connection);
    if (connection != NULL) connection->watched = false;
}

void shs__peer_watch_anew(struct context *context) {
    for (unsigned i = 0; i < PEER_BUCKETS; i++) {
        struct peer_bucket *bucket = &context->peers.buckets[i];
        context_lock(context);
        for (struct peer *peer = atomic_load(&bucket->first); peer != NULL; peer = atomic_load(&peer->next))
            forget(peer);
        context_unlock(context);
        atomic_store(&bucket->unwatched, true);
    }
}

static void note_pending(struct context *context, struct peer_bucket *bucket) {
    context_lock(context);
    struct peer *peer = atomic_load(&bucket->first);
    for (; peer != NULL; peer = atomic_load(&peer->next)) {
        peer->pending = true;
        forget(peer);
    }
    context_unlock(context);
    atomic_store(&bucket->unwatched, true);
}

bool shs__peer_watch_handle(struct context *context, const void *tag) {
    const uintptr_t first = (uintptr_t)context->peers.buckets, at = (uintptr_t)tag;
    if (at < first || at >= first + sizeof context->peers.buckets) return false;
    struct peer_bucket *bucket = &context->peers.buckets[(at - first) / sizeof context->peers.buckets[0]];
    note_pending(context, bucket);
    for (struct peer *peer; (peer = shs__peer_take_pending(context, bucket)) != NULL;)
        shs__peer_end(context, peer);
    return true;
}
