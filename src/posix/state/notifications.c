/*
 * Notifications. See notifications.h.
 */
#include "state/notifications.h"

#include <stdlib.h>

#include "ipc/message_io.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/process_info.h"
#include "state/context.h"
#include "state/trim.h"

/* How many dead peers one look at all of them finds; the next look finds the next. */
#define DEAD_AT_ONCE 32

/* Messages that are heard at once; whoever says more has lost its mind. */
#define HEARD_MOST 4096

/* ---- what is told ---- */

static struct release *take_release(struct context *context, struct peer *peer) {
    context_lock(context);
    struct release *release = peer->releases;
    if (release != NULL) peer->releases = release->next;
    context_unlock(context);
    return release;
}

static void put_release_back(struct context *context, struct peer *peer, struct release *release) {
    context_lock(context);
    release->next = peer->releases;
    if (peer->releases == NULL) peer->releases_last = release;
    peer->releases = release;
    atomic_store(&peers_bucket(&context->peers, peer->pid)->queued, true);
    context_unlock(context);
}

shs_status shs__peer_send_releases(struct context *context, struct peer *peer, int socket, const struct waiting *wait) {
    for (struct release *release; (release = take_release(context, peer)) != NULL; free(release)) {
        const struct message told = { .kind = release->kind, .base = release->number, .serial = release->number };
        const shs_status status = shs__message_send(socket, &told, -1, wait);
        if (status == SHS_OK) continue;
        put_release_back(context, peer, release);
        return status;
    }
    return SHS_OK;
}

/* ---- what is heard ---- */

shs_status shs__peer_hear(const struct peer *peer, struct message *said, struct fdpass_extra *extra,
                          const struct waiting *wait) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    *extra = (struct fdpass_extra){ .fd = -1 };
    const shs_status status = shs__message_receive(connection->fd, said, extra, wait);
    if (status != SHS_OK || extra->who.user == connection->user) return status;
    shs__fd_close(extra->fd); /* somebody else got hold of the peer's end */
    return status_local(SHS_E_PROTOCOL);
}

/* A response that came too late: what it tells of is undone. One to no request changes nothing. */
static void note_answered(struct peer *peer, uint32_t serial) {
    if (serial - peer->answered <= peer->serial - peer->answered) peer->answered = serial;
}

void shs__peer_take_unasked(struct context *context, struct peer *peer, const struct message *said, int fd) {
    shs__fd_close(fd);
    if (said->kind == WIRE_EMPTIED)
        shs__trim_heard(context, peer, said->base);
    else
        note_answered(peer, said->serial);
}

static shs_status hear_one(struct context *context, struct peer *peer) {
    const struct waiting wait = wait_not();
    struct fdpass_extra extra;
    struct message said;
    const shs_status status = shs__peer_hear(peer, &said, &extra, &wait);
    if (status == SHS_OK) shs__peer_take_unasked(context, peer, &said, extra.fd);
    return status;
}

/* An owner that lives may have ended the connection to make room for others: what is known of it is good until it is
 * asked something. */
static bool hear(struct context *context, struct peer *peer) {
    shs_status status = SHS_OK;
    for (int heard = 0; heard < HEARD_MOST && status == SHS_OK; heard++)
        status = hear_one(context, peer);
    if (status != SHS_E_NOT_ATTACHED || !shs__peer_is_alive(peer)) return status == SHS_E_TIMEOUT;
    atomic_store(&atomic_load(&peer->connection)->ended, true);
    return true;
}

/* ---- the end of a turn ---- */

/* In a turn. False when the connection is of no more use. */
static bool tell(struct context *context, struct peer *peer, int socket) {
    const struct waiting wait = wait_not();
    const shs_status status = shs__peer_send_releases(context, peer, socket, &wait);
    return status == SHS_OK || status == SHS_E_TIMEOUT;
}

/* What becomes of them is no matter of the call that runs them: what the system said of that stays. */
static void exchange_notifications(struct context *context, struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    const long said = shs_native_error();
    if (connection == NULL) return;
    if (!tell(context, peer, connection->fd) || !hear(context, peer)) shs__peer_disconnect(context, peer);
    (void)shs__backend_error(SHS_OK, said);
}

void shs__peer_end(struct context *context, struct peer *peer) {
    while (!shs__peer_try_end(context, peer))
        exchange_notifications(context, peer);
    shs__trim_after_turn(context);
}

/* ---- all of them ---- */

/* Each peer once: one that takes nothing does not hold up the others. */
void shs__peers_flush(struct context *context) {
    const deadline began = clock_now();
    for (unsigned i = 0; i < PEER_BUCKETS; i++) {
        struct peer_bucket *bucket = &context->peers.buckets[i];
        for (struct peer *peer; (peer = shs__peer_take_queued(context, bucket, began)) != NULL;) {
            exchange_notifications(context, peer);
            shs__peer_end(context, peer);
        }
    }
}

/* One that ended its connection and says that it lives is not believed: the system is asked. Inside a reader. */
static bool is_dead(const struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    if (!shs__peer_is_alive(peer)) return true;
    return connection != NULL && atomic_load(&connection->ended) && shs__process_info_has_ended(peer->pid);
}

static unsigned find_dead(struct thread *thread, shs_pid dead[DEAD_AT_ONCE]) {
    struct peers *peers = &thread->context->peers;
    unsigned count = 0;
    thread_enter(thread);
    for (int i = 0; i < PEER_BUCKETS; i++) {
        struct peer *peer = atomic_load(&peers->buckets[i].first);
        for (; peer != NULL && count < DEAD_AT_ONCE; peer = atomic_load(&peer->next)) {
            if (is_dead(peer)) dead[count++] = peer->pid;
        }
    }
    thread_leave(thread);
    return count;
}

void shs__peers_end_dead(struct thread *thread) {
    struct context *context = thread->context;
    shs_pid dead[DEAD_AT_ONCE];
    const unsigned count = find_dead(thread, dead);
    for (unsigned i = 0; i < count; i++) {
        struct peer *peer = shs__peer_take_unused(context, dead[i]);
        if (peer == NULL) continue;
        if (is_dead(peer)) shs__peer_disconnect(context, peer);
        shs__peer_end(context, peer);
    }
}
