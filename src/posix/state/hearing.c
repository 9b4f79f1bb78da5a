/*
 * What peers say unasked. See hearing.h.
 *
 * The tag of a connection in the server's poller is its peer's bucket, which is always there.
 */
#include "state/hearing.h"

#include "os/fd_tracking.h"
#include "os/poller.h"
#include "state/context.h"
#include "state/errands.h"

static void watch(struct context *context, struct peer *peer, int poller) {
    struct peer_connection *connection = atomic_load(&peer->connection);
    _Atomic(struct peer *) *bucket = &context->peers.buckets[peer_bucket(peer->pid)];
    if (connection == NULL || connection->watched || !shs__fd_is_ours(poller) || !shs__fd_is_ours(connection->fd))
        return;
    connection->watched = shs__poller_watch_arrivals(poller, connection->fd, bucket);
}

static void each_in_bucket(struct context *context, unsigned bucket, int poller) {
    context_lock(context);
    struct peer *peer = atomic_load(&context->peers.buckets[bucket]);
    for (; peer != NULL; peer = atomic_load(&peer->next))
        watch(context, peer, poller);
    context_unlock(context);
}

void shs__hearing_watch(struct context *context, int poller) {
    if (!atomic_load(&context->peers.unwatched)) return;
    atomic_store(&context->peers.unwatched, false); /* before the look: what comes behind it is looked for again */
    for (unsigned bucket = 0; bucket < PEER_BUCKETS; bucket++) {
        if (atomic_load(&context->peers.buckets[bucket]) != NULL) each_in_bucket(context, bucket, poller);
    }
}

void shs__hearing_watch_anew(struct context *context) {
    for (unsigned bucket = 0; bucket < PEER_BUCKETS; bucket++) {
        context_lock(context);
        struct peer *peer = atomic_load(&context->peers.buckets[bucket]);
        for (; peer != NULL; peer = atomic_load(&peer->next)) {
            struct peer_connection *connection = atomic_load(&peer->connection);
            if (connection != NULL) connection->watched = false;
        }
        context_unlock(context);
    }
    atomic_store(&context->peers.unwatched, true);
}

static void note_errands(struct context *context, unsigned bucket) {
    context_lock(context);
    struct peer *peer = atomic_load(&context->peers.buckets[bucket]);
    for (; peer != NULL; peer = atomic_load(&peer->next))
        peer->errands = true;
    context_unlock(context);
}

bool shs__hearing_handle(struct context *context, const void *tag) {
    const uintptr_t first = (uintptr_t)context->peers.buckets, at = (uintptr_t)tag;
    if (at < first || at >= first + sizeof context->peers.buckets) return false;
    const unsigned bucket = (unsigned)((at - first) / sizeof context->peers.buckets[0]);
    note_errands(context, bucket);
    for (struct peer *peer; (peer = shs__peer_take_errands(context, bucket)) != NULL;)
        shs__peer_end(context, peer);
    return true;
}
