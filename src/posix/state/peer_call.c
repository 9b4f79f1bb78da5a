/*
 * Requests to peers. See peer_call.h.
 */
#include "state/peer_call.h"

#include <errno.h>
#include <stdlib.h>

#include "ipc/connect.h"
#include "ipc/message_io.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/in_flight.h"
#include "os/pages.h"
#include "os/shm_object.h"
#include "state/context.h"
#include "state/notifications.h"
#include "state/other_users.h"

/* Requests that a peer may owe a response to: each may hold a descriptor on its way, of which a user has few. */
#define UNANSWERED_MOST 4

/* ---- connecting ---- */

/* The peer's liveness word, mapped; a peer without one, or with one that others can write, is asked through its
 * connection. */
static const _Atomic uint32_t *map_liveness(int fd) {
    void *page = NULL;
    if (fd < 0) return NULL;
    if (shs__shm_object_is_shown(fd, page_size())) (void)shs__shm_object_map(fd, 0, page_size(), false, &page);
    shs__fd_close(fd);
    return page;
}

static shs_status connect_in_turn(struct context *context, struct peer *peer, const struct waiting *wait) {
    const struct connect_request request = { peer->pid, context->pid, context->life, shs__context_admission(context),
                                             shs__context_place(context) };
    struct peer_connection *connection = calloc(1, sizeof *connection);
    struct connected connected;
    struct third_grant *grant = shs__third_grant_get(context, peer->pid);
    const bool made = connection != NULL && grant != NULL;
    const shs_status status = made ? shs__connect_peer(&request, wait, &connected) : status_local(SHS_E_NO_MEMORY);
    if (status != SHS_OK) {
        free(connection);
        (void)shs__third_grant_end(context, grant);
        return status;
    }
    connection->fd = connected.fd;
    connection->user = connected.user;
    connection->grant = grant;
    connection->liveness = map_liveness(connected.liveness_fd);
    peer->answered = peer->serial;
    atomic_store(&peer->connection, connection);
    return SHS_OK;
}

/* Does the connection exist, and is it ours and of use, and still wanted? */
static bool is_connected(struct context *context, const struct peer *peer) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    return connection != NULL && shs__fd_is_ours(connection->fd) && shs__peer_is_alive(peer) &&
           shs__peer_is_admitted(context, peer);
}

/* A turn with a peer that is not connected, or is so, and can be talked to: a connection that is of no use any more
 * takes a turn of its own to end. */
static shs_status take_turn(struct context *context, shs_pid pid, const struct waiting *wait, struct peer **peer) {
    for (;;) {
        const shs_status status = shs__peer_take_turn(context, pid, wait, peer);
        if (status != SHS_OK || atomic_load(&(*peer)->connection) == NULL || is_connected(context, *peer))
            return status;
        shs__peer_disconnect(context, *peer);
        shs__peer_end(context, *peer);
    }
}

shs_status shs__peer_begin(struct context *context, shs_pid pid, const struct waiting *wait, struct peer **peer) {
    struct peer *taken;
    shs_status status = take_turn(context, pid, wait, &taken);
    if (status != SHS_OK) return status;
    if (atomic_load(&taken->connection) == NULL) status = connect_in_turn(context, taken, wait);
    if (status == SHS_OK)
        *peer = taken;
    else
        shs__peer_end(context, taken);
    return status;
}

/* ---- requests ---- */

/* Receive until the response to this request comes; what is late is dropped. */
static shs_status receive(struct context *context, struct peer *peer, struct exchange *exchange,
                          struct fdpass_extra *extra, const struct waiting *wait) {
    struct message *response = &exchange->response;
    for (;;) {
        const shs_status status = shs__peer_hear(peer, response, extra, wait);
        if (status != SHS_OK) return status;
        if (response->kind != WIRE_EMPTIED && response->serial == exchange->request.serial) {
            peer->answered = response->serial;
            return SHS_OK;
        }
        shs__peer_take_unasked(context, peer, response, extra->fd);
        if (deadline_left(wait->until) == 0) return shs__status_from_errno(ETIMEDOUT); /* it may go on for ever */
    }
}

/* A peer that owes many responses is asked nothing new before it has given some. */
static shs_status catch_up(struct context *context, struct peer *peer, const struct waiting *wait) {
    while (peer->serial - peer->answered >= UNANSWERED_MOST) {
        struct exchange late = { .request.serial = peer->answered + 1 };
        struct fdpass_extra extra;
        const shs_status status = receive(context, peer, &late, &extra, wait);
        if (status != SHS_OK) return status;
        shs__fd_close(extra.fd);
    }
    return SHS_OK;
}

/* What an owner can have to say to a request. All else, though it is a status, says nothing about the request. */
static bool is_answer(int32_t status) {
    switch (status) {
        case SHS_OK:
        case SHS_E_HANDLE:
        case SHS_E_ACCESS:
        case SHS_E_NO_MEMORY:
        case SHS_E_LIMIT:
        case SHS_E_PROTOCOL:
        case SHS_E_SYSTEM:
        case SHS_E_READ_ONLY:
        case SHS_E_UNSUPPORTED: /* memory that can be cut */
            return true;
        default:
            return false;
    }
}

/* Is this what the request asked for? Then its descriptor is the exchange's. */
static shs_status accept_response(struct exchange *exchange, const struct fdpass_extra *extra) {
    struct message *response = &exchange->response;
    if (extra->lost && exchange->wants_fd && response->status == SHS_OK)
        response->status = shs__backend_error(SHS_E_LIMIT, EMFILE);
    else if (response->status != SHS_OK)
        (void)status_local((shs_status)response->status);
    const bool brings = exchange->wants_fd && response->status == SHS_OK;
    const bool ended = brings && extra->fd < 0 && !shs__in_flight_arrives(); /* with its connection, on the way */
    if (ended) return status_local(SHS_E_NOT_ATTACHED);
    if (response->kind != exchange->request.kind || !is_answer(response->status) || (extra->fd >= 0) != brings) {
        shs__fd_close(extra->fd);
        return status_local(SHS_E_PROTOCOL);
    }
    exchange->response_fd = extra->fd;
    return SHS_OK;
}

static shs_status send_request(struct context *context, struct peer *peer, struct exchange *exchange,
                               const struct waiting *wait) {
    const struct peer_connection *connection = atomic_load(&peer->connection);
    if (connection == NULL) return status_local(SHS_E_NOT_ATTACHED); /* it ended in this turn */
    shs_status status = catch_up(context, peer, wait);
    if (status == SHS_OK) status = shs__peer_send_releases(context, peer, connection->fd, wait);
    if (status != SHS_OK) return status;
    exchange->request.serial = ++peer->serial;
    status = shs__message_send(connection->fd, &exchange->request, exchange->request_fd, wait);
    if (status != SHS_OK) peer->serial--; /* it owes no response to what it was not sent */
    return status;
}

/* Does the peer keep something until it knows that it was heard of? A handle that was made there, or a descriptor. */
static bool is_kept(const struct exchange *exchange) {
    const bool brought = exchange->response_fd >= 0 && !shs__in_flight_arrives();
    return exchange->response.status == SHS_OK && (exchange->request.kind == WIRE_IMPORT || brought);
}

static shs_status keep(int socket, struct exchange *exchange, const struct waiting *wait) {
    const struct message told = { .kind = WIRE_KEEP };
    if (!is_kept(exchange)) return SHS_OK;
    const shs_status status = shs__message_send(socket, &told, -1, wait);
    if (status == SHS_OK) return SHS_OK;
    shs__fd_close(exchange->response_fd);
    exchange->response_fd = -1;
    return status;
}

static shs_status hear(struct context *context, struct peer *peer, struct exchange *exchange,
                       const struct waiting *wait) {
    struct fdpass_extra extra;
    shs_status status = receive(context, peer, exchange, &extra, wait);
    if (status == SHS_OK) status = accept_response(exchange, &extra);
    return status == SHS_OK ? keep(atomic_load(&peer->connection)->fd, exchange, wait) : status;
}

/* Nobody waits any more for the response to what the peer was asked: it is told so when the turn ends, and undoes what
 * it will have done. False without memory. */
static bool give_up(struct context *context, struct peer *peer, const struct message *request) {
    if (request->kind != WIRE_ADD_SEGMENT && request->kind != WIRE_IMPORT && request->kind != WIRE_FREE) return true;
    context_lock(context);
    const bool queued = shs__peer_queue_release(context, peer, WIRE_UNHEARD, request->serial);
    context_unlock(context);
    return queued;
}

shs_status shs__peer_call(struct context *context, struct peer *peer, struct exchange *exchange,
                          const struct waiting *wait) {
    shs_status status = send_request(context, peer, exchange, wait);
    const bool sent = status == SHS_OK;
    if (sent) status = hear(context, peer, exchange, wait);
    exchange->cut_off = status == SHS_E_NOT_ATTACHED;
    if (status == SHS_OK) return (shs_status)exchange->response.status;
    const bool is_late = status == SHS_E_TIMEOUT;
    if (!is_late || (sent && !give_up(context, peer, &exchange->request))) shs__peer_disconnect(context, peer);
    return status;
}
