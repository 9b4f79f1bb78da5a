/*
 * Peers that are other users' processes. See other_users.h.
 */
#include "state/other_users.h"

#include "os/identity.h"
#include "state/context.h"
#include "state/notifications.h"

static bool is_others(const struct peer_connection *connection) {
    return connection != NULL && connection->user != shs__identity_user();
}

bool shs__peer_is_admitted(struct context *context, const struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    if (!is_others(connection)) return true;
    const struct admission admission = shs__context_admission(context);
    const struct shs_admit_request who = { .pid = peer->pid, .user = connection->user, .direction = SHS_OUTGOING };
    return shs__admission_allows(&admission, &who);
}

/* The least pid above this one that is another user's process; 0: there is none. */
static shs_pid next_other(struct context *context, shs_pid above) {
    shs_pid next = 0;
    context_lock(context);
    for (const struct peer *peer = context->peers.latest; peer != NULL; peer = peer->before) {
        if (peer->pid <= above || !is_others(atomic_load(&peer->connection))) continue;
        if (next == 0 || peer->pid < next) next = peer->pid;
    }
    context_unlock(context);
    return next;
}

void shs__peers_review(struct context *context) {
    for (shs_pid pid = 0; (pid = next_other(context, pid)) != 0;) {
        struct peer *peer = shs__peer_take_unused(context, pid);
        if (peer == NULL) continue;
        if (!shs__peer_is_admitted(context, peer)) shs__peer_disconnect(context, peer);
        shs__peer_end(context, peer);
    }
}
