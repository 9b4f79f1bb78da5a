/*
 * The connections of others. See connection.h.
 */
#include "server/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "ipc/admission.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/identity.h"
#include "os/in_flight.h"
#include "os/poller.h"
#include "server/handlers.h"
#include "server/server.h"
#include "state/context.h"

/* So long whoever is about to go on is put up with while others wait; and so much longer a connection is kept that
 * something hangs on. */
#define FRESH_TIME ((moment)100 * NANOSECONDS_A_MILLISECOND)
#define HOLDER_TIME ((moment)1000 * NANOSECONDS_A_MILLISECOND)

struct connection {
    struct connection *next, *previous;
    int fd;
    struct credentials who;
    uint64_t serial; /* names it; a later one has a greater one */
    uint64_t life;   /* of the process, since it has greeted */
    bool greeted;
    moment used;  /* when it was served last */
    bool asked;   /* it has made a request, since it was greeted */
    bool holds;   /* something hangs on it: a number, or segments */
    bool gave;    /* segments, in which its process goes on without a message */
    deadline due; /* when the message in hand must be whole, in either direction; 0: none is */
    uint8_t in[WIRE_SIZE], out[WIRE_SIZE];
    size_t have; /* bytes of in */
    size_t sent; /* bytes of out; WIRE_SIZE: nothing to send */
    int in_fd, out_fd;
    bool lost;   /* in_fd came, and there was no room for it */
    bool untold; /* nor was there for a notice: when there is, any segment may be meant */
    struct told told;
};

/* ---- the list ---- */

static void take_out(struct server *server, struct connection *connection) {
    *(connection->previous == NULL ? &server->connections : &connection->previous->next) = connection->next;
    if (connection->next != NULL) connection->next->previous = connection->previous;
    server->count--;
}

static void put_first(struct server *server, struct connection *connection) {
    connection->previous = NULL;
    connection->next = server->connections;
    if (connection->next != NULL) connection->next->previous = connection;
    server->connections = connection;
    server->count++;
}

/* ---- beginnings and ends ---- */

static deadline due_from_now(const struct server *server) {
    return deadline_in(atomic_load(&server->context->timeout_ms));
}

static bool is_welcome(const struct server *server, const struct credentials *who) {
    if (who->user == shs__identity_user()) return true;
    const struct admission admission = shs__context_admission(server->context);
    const struct shs_admit_request request = admission_incoming(who);
    return shs__admission_allows(&admission, &request);
}

/* What is said without a request: the other end closes. */
static void say_status(int fd, shs_status status) {
    const struct message message = { .kind = WIRE_HELLO, .status = status };
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(&message, bytes);
    (void)shs__fdpass_send(fd, bytes, sizeof bytes, -1);
}

void shs__connection_open(struct server *server, int fd) {
    struct credentials who;
    struct connection *connection = NULL;
    const bool welcome = shs__peercred_of_connection(fd, &who) && is_welcome(server, &who);
    if (welcome) connection = calloc(1, sizeof *connection);
    if (connection == NULL || !shs__poller_watch(server->poller, fd, connection)) {
        if (welcome) say_status(fd, SHS_E_LIMIT); /* silence would say that it does not admit the user */
        shs__fdpass_close(fd);
        free(connection);
        return;
    }
    connection->fd = fd;
    connection->in_fd = connection->out_fd = -1;
    connection->sent = WIRE_SIZE;
    connection->who = who;
    connection->serial = ++server->serial;
    connection->due = due_from_now(server);
    put_first(server, connection);
    (void)shs__connection_serve(server, connection); /* whoever connects speaks at once */
}

void shs__connection_refuse(int fd) {
    say_status(fd, SHS_E_LIMIT);
    shs__fdpass_close(fd);
}

static void end(struct server *server, struct connection *connection, registry_visit *given) {
    take_out(server, connection);
    shs__registry_each(server->context, given, &connection->serial);
    context_reclaim(server->context);
    shs__third_number_orphan(server->context, connection->serial);
    shs__fd_unwatch(server->poller, connection->fd);
    shs__fd_close(connection->in_fd);
    shs__fd_close(connection->out_fd);
    shs__endpoint_keep_lock(&server->context->endpoint);
    shs__fdpass_close(connection->fd);
    free(connection);
}

void shs__connection_end(struct server *server, struct connection *connection) {
    shs__told_lost(server->context, &connection->told);
    end(server, connection, shs__registry_retire_given);
}

void shs__connections_review(struct server *server) {
    const moment now = clock_now();
    for (struct connection *connection = server->connections, *next; connection != NULL; connection = next) {
        next = connection->next;
        const bool late = connection->due != 0 && connection->due < now;
        if (late || !is_welcome(server, &connection->who)) shs__connection_end(server, connection);
    }
}

/* ---- room for others ---- */

/* Is its process to say that it has what it was sent? */
static bool is_to_hear(const struct connection *connection) {
    return told_is_open(&connection->told) || connection->out_fd >= 0;
}

/* Nothing is in hand, nothing is to be sent or to come, and nothing waits to be received. */
static bool is_idle(const struct connection *connection) {
    struct pollfd watched = { .fd = connection->fd, .events = POLLIN };
    return !is_to_hear(connection) && connection->have == 0 && connection->sent == WIRE_SIZE &&
           poll(&watched, 1, 0) == 0;
}

/* When it was used last, or as if: what others depend on is spared for the sake of those that were used before. */
static moment used_last(const struct connection *connection) {
    return connection->used + (connection->holds ? HOLDER_TIME : 0);
}

/* A giver would begin anew, and what it gave would hold descriptors as long as it holds blocks: givers are spared where
 * there is anybody else, though nobody else is idle just now. */
static bool are_givers(const struct server *server) {
    const struct connection *connection = server->connections;
    while (connection != NULL && connection->gave)
        connection = connection->next;
    return connection == NULL;
}

/* The one used least lately. */
static struct connection *find_idle(const struct server *server) {
    const bool givers_go = are_givers(server);
    struct connection *best = NULL, *connection = server->connections;
    while (connection != NULL && connection->next != NULL)
        connection = connection->next;
    for (; connection != NULL; connection = connection->previous) { /* those that were used later come later */
        if (connection->gave && !givers_go) continue;
        if (best != NULL && used_last(best) <= used_last(connection)) continue;
        if (is_idle(connection)) best = connection;
    }
    return best;
}

/* Whoever has just connected is about to greet, who was greeted to ask, and who gave a segment to put the first block
 * into it: without its connection it would have to begin anew. */
static bool is_fresh(const struct server *server, const struct connection *connection) {
    if (clock_now() >= connection->used + FRESH_TIME) return false;
    return !connection->asked || (connection->gave && shs__registry_awaits_block(server->context, connection->serial));
}

/* What it was told was sent, and will be heard. Who has not even been greeted may come again, and be faster. */
bool shs__connection_make_room(struct server *server) {
    struct connection *idle = find_idle(server);
    if (idle == NULL || is_fresh(server, idle)) return false;
    if (!idle->greeted && shs__fd_is_ours(idle->fd)) say_status(idle->fd, SHS_E_TIMEOUT);
    end(server, idle, shs__registry_orphan_given);
    return true;
}

/* ---- requests and responses ---- */

/* What was sent is not kept any more. */
static void let_go(struct connection *connection) {
    shs__fd_close(connection->out_fd);
    connection->out_fd = -1;
}

/* Send what there is to send. False when the connection is of no more use. */
static bool send_response(struct server *server, struct connection *connection) {
    const size_t done = connection->sent;
    const ssize_t sent =
        shs__fdpass_send(connection->fd, connection->out + done, WIRE_SIZE - done, done == 0 ? connection->out_fd : -1);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (sent > 0) connection->sent += (size_t)sent;
    if (connection->sent < WIRE_SIZE) return shs__poller_want_write(server->poller, connection->fd, connection);
    if (shs__in_flight_arrives()) let_go(connection);
    connection->due = is_to_hear(connection) ? due_from_now(server) : 0;
    return true;
}

/* Begin to send a response. */
static bool respond(struct server *server, struct connection *connection, const struct response *response) {
    shs__wire_encode(&response->message, connection->out);
    connection->out_fd = response->fd;
    connection->sent = 0;
    connection->due = due_from_now(server);
    return send_response(server, connection);
}

/* Say that a segment, or any of them, was emptied. What finds no room is said later, for all of them together: and not
 * in any time, as a process that is stopped hears nothing, and has its connection. One that is of no more use is left
 * to whoever receives from it. */
static void say_emptied(struct server *server, struct connection *connection, uint32_t base) {
    const struct message message = { .kind = WIRE_EMPTIED, .base = base };
    shs__wire_encode(&message, connection->out);
    const ssize_t sent = shs__fdpass_send(connection->fd, connection->out, WIRE_SIZE, -1);
    connection->untold = sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (sent <= 0 || sent == WIRE_SIZE) return;
    connection->sent = (size_t)sent;
    connection->due = due_from_now(server);
}

/* Something is to be sent when there is room. */
static bool is_sending(const struct connection *connection) {
    return connection->sent < WIRE_SIZE || connection->untold;
}

/* There is room. False when the connection is of no more use. */
static bool send_more(struct server *server, struct connection *connection) {
    if (connection->sent < WIRE_SIZE && !send_response(server, connection)) return false;
    if (connection->sent == WIRE_SIZE && connection->untold) say_emptied(server, connection, WIRE_ALL);
    return is_sending(connection) || shs__poller_want_read(server->poller, connection->fd, connection);
}

static void tell(struct server *server, struct connection *connection, uint32_t base) {
    if (connection->untold || !shs__fd_is_ours(connection->fd)) return;
    if (connection->sent < WIRE_SIZE)
        connection->untold = true;
    else
        say_emptied(server, connection, base);
    if (is_sending(connection)) (void)shs__poller_want_write(server->poller, connection->fd, connection);
}

static bool is_addressed(const struct emptied_notice *notice, const struct connection *connection) {
    for (unsigned i = 0; i < notice->count; i++) {
        if (notice->connections[i] == connection->serial) return true;
    }
    return false;
}

void shs__connections_tell(struct server *server) {
    for (struct emptied_notice *notice; (notice = shs__emptied_take(server->context)) != NULL; free(notice)) {
        for (struct connection *connection = server->connections; connection != NULL; connection = connection->next) {
            if (is_addressed(notice, connection)) tell(server, connection, notice->base);
        }
    }
}

/* Take the request that is whole out of the connection. False when it makes no sense here: the first must be HELLO,
 * from a process that the kernel names, and no other may be. Where the kernel names none, the process does. */
static bool take_request(struct connection *connection, struct request *request) {
    *request = (struct request){ .who = connection->who,
                                 .connection = connection->serial,
                                 .fd = connection->in_fd,
                                 .holds = &connection->holds,
                                 .gave = &connection->gave,
                                 .told = &connection->told };
    connection->in_fd = -1;
    connection->have = 0;
    connection->due = 0;
    const bool decoded = shs__wire_decode(connection->in, &request->message);
    if (!decoded && !connection->greeted) say_status(connection->fd, SHS_E_PROTOCOL); /* another version, perhaps */
    const bool greets = decoded && request->message.kind == WIRE_HELLO;
    if (greets && !shs__peercred_tells_pid()) request->who.pid = connection->who.pid = request->message.pid;
    if (decoded && greets != connection->greeted && connection->who.pid != 0) return true;
    shs__fd_close(request->fd);
    return false;
}

static bool answer(struct server *server, struct connection *connection) {
    struct request request;
    struct response response;
    const bool lost = connection->lost;
    connection->lost = false;
    let_go(connection); /* whoever speaks has what it was sent, or does not wait for it any more */
    if (!take_request(connection, &request)) return false;
    if (!is_welcome(server, &connection->who)) { /* any more */
        shs__fd_close(request.fd);
        return false;
    }
    const bool brought = request.fd >= 0;
    if (!connection->greeted) connection->life = request.message.size;
    connection->asked = connection->greeted;
    connection->greeted = true;
    request.life = connection->life;
    if (lost) {
        const struct message refusal = { request.message.kind, .serial = request.message.serial,
                                         .status = SHS_E_LIMIT };
        response = (struct response){ refusal, -1 };
    } else if (!shs__handle_request(server->dispatcher, &request, &response)) {
        return true;
    }
    if (brought) shs__endpoint_keep_lock(&server->context->endpoint);
    return respond(server, connection, &response);
}

/* Note what came with some bytes. False when it may not have come: a second descriptor, or words of another user than
 * the one that connected, and was admitted. */
static bool take_extra(struct connection *connection, const struct fdpass_extra *extra, bool at_end) {
    const bool speaks = !at_end && extra->named && extra->who.user == connection->who.user;
    if (!speaks || (extra->fd >= 0 && connection->in_fd >= 0)) {
        shs__fd_close(extra->fd);
        return false;
    }
    if (shs__peercred_tells_pid()) connection->who.pid = extra->who.pid;
    if (extra->fd >= 0) connection->in_fd = extra->fd;
    connection->lost = connection->lost || extra->lost;
    return true;
}

/* Receive a part of a request. False when the connection is of no more use. */
static bool receive(struct server *server, struct connection *connection) {
    struct fdpass_extra extra;
    const size_t have = connection->have;
    const ssize_t got = shs__fdpass_receive(connection->fd, connection->in + have, WIRE_SIZE - have, &extra);
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (!take_extra(connection, &extra, got == 0)) return false;
    connection->have += (size_t)got;
    if (connection->due == 0) connection->due = due_from_now(server);
    return connection->have < WIRE_SIZE || answer(server, connection);
}

/* One that has ended, and the file of which lives on in a child, still has events. */
static bool is_known(const struct server *server, const struct connection *wanted) {
    const struct connection *connection = server->connections;
    while (connection != NULL && connection != wanted)
        connection = connection->next;
    return connection != NULL;
}

bool shs__connection_serve(struct server *server, struct connection *connection) {
    bool fine;
    if (!is_known(server, connection) || !shs__fd_is_ours(connection->fd)) return false;
    if (is_sending(connection))
        fine = send_more(server, connection);
    else
        fine = receive(server, connection);
    if (!fine) {
        shs__connection_end(server, connection);
        return true;
    }
    connection->used = clock_now();
    take_out(server, connection);
    put_first(server, connection);
    return true;
}
