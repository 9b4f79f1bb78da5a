/*
 * Who wants to connect. See arrivals.h.
 */
#include "server/arrivals.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "os/discard.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/poller.h"
#include "server/connection.h"
#include "server/server.h"
#include "state/context.h"
#include "state/descriptor_shares.h"

#define ACCEPTED_MOST 32        /* at once: then those that are connected have their turn */
#define CROWDED_MILLISECONDS 20 /* when all connections are in use: one may be idle by then */

static int listener_of(const struct server *server) { return server->context->endpoint.listener; }

void shs__arrivals_watch(struct server *server) {
    if (server->listening || !shs__fd_is_ours(listener_of(server))) return;
    server->listening = shs__poller_watch(server->poller, listener_of(server), &server->context->endpoint);
}

void shs__arrivals_ignore(struct server *server) {
    shs__fd_unwatch(server->poller, listener_of(server));
    server->listening = false;
}

bool shs__arrivals_begin(struct server *server) {
    server->reserve = shs__fdpass_socket();
    server->listening = false;
    if (server->reserve >= 0) shs__arrivals_watch(server);
    return server->listening;
}

void shs__arrivals_end(struct server *server) {
    shs__fd_close(server->reserve);
    server->reserve = -1;
}

deadline shs__arrivals_due(const struct server *server) {
    const deadline soon = deadline_in(CROWDED_MILLISECONDS);
    const bool ignored = !server->listening && listener_of(server) >= 0;
    return ignored && soon < server->housekeeping ? soon : server->housekeeping;
}

static bool somebody_waits(const struct server *server) {
    struct pollfd watched = { .fd = listener_of(server), .events = POLLIN };
    return poll(&watched, 1, 0) > 0;
}

/* Is there room for one more? Where there is none, the listener would keep the server busy. An application's loop must
 * bear that: it may hear of nothing else before a connection is idle. */
static bool has_room(struct server *server) {
    if (!shs__discard_has_room()) {
        if (server->service == SHS_SERVE_THREAD) shs__arrivals_ignore(server);
        return false;
    }
    while (server->count >= shs__descriptor_share_connections()) {
        if (!somebody_waits(server)) return false;
        if (shs__connection_make_room(server)) continue;
        if (server->service == SHS_SERVE_THREAD) shs__arrivals_ignore(server);
        return false;
    }
    return true;
}

/* Without a descriptor for it, a connection would keep the server busy: give one up, accept it, and refuse it. */
static bool refuse_one(struct server *server) {
    shs__fd_close(server->reserve);
    const int refused = shs__fdpass_accept(listener_of(server));
    if (refused >= 0) shs__connection_refuse(refused);
    server->reserve = shs__fdpass_socket();
    return refused >= 0; /* otherwise another thread was faster */
}

/* What is done when accept() has failed. */
static bool cope(struct server *server, int error) {
    if (error == EINTR || error == ECONNABORTED || error == EAGAIN || error == EWOULDBLOCK) return true;
    if (error != EMFILE && error != ENFILE) return false;
    return shs__connection_make_room(server) || refuse_one(server);
}

/* What was refused may have kept its number, until a thread had closed it. */
static void keep_reserve(struct server *server) {
    if (!shs__fd_is_ours(server->reserve)) server->reserve = shs__fdpass_socket();
}

bool shs__arrivals_accept(struct server *server) {
    keep_reserve(server);
    for (int accepted = 0; accepted < ACCEPTED_MOST && shs__fd_is_ours(listener_of(server)); accepted++) {
        if (accepted > 0 && !somebody_waits(server)) break;
        if (!has_room(server)) break;
        const int fd = shs__fdpass_accept(listener_of(server));
        if (fd < 0) return cope(server, errno); /* whoever waits still is told of again */
        shs__connection_open(server, fd);
    }
    return true;
}
