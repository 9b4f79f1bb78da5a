/*
 * Links. See link.h.
 */
#include "server/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/poller.h"
#include "process/context.h"
#include "server/handlers.h"

struct connection {
    struct connection *next, *previous;
    int fd;
    struct requester requester;
    bool named, greeted; /* the kernel has said who speaks, and it itself has */
    uint32_t speaker;    /* the user id on its messages: the real one, where the connection has the effective one */
    deadline due;        /* when the frame in hand must be whole, in either direction; 0: none is */
    uint8_t in[WIRE_SIZE], out[WIRE_SIZE];
    size_t have; /* bytes of in */
    size_t sent; /* bytes of out; WIRE_SIZE: nothing to send */
    int in_fd, out_fd;
    bool lost; /* in_fd came, and there was no room for it */
};

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

struct connection *connection_oldest(const struct server *server) {
    struct connection *connection = server->connections;
    while (connection->next != NULL)
        connection = connection->next;
    return connection;
}

static void close_connection(struct server *server, struct connection *connection) {
    take_out(server, connection);
    poller_forget(server->poller, connection->fd);
    fd_close(connection->in_fd);
    fd_close(connection->out_fd);
    fd_hang_up(connection->fd);
    free(connection);
}

void connection_end(struct context *context, struct connection *connection) {
    (void)pthread_mutex_lock(&context->lock);
    registry_retire_connection(context, connection->requester.connection);
    (void)pthread_mutex_unlock(&context->lock);
    close_connection(&context->server, connection);
}

void connections_expire(struct context *context) {
    const deadline now = clock_now();
    for (struct connection *connection = context->server.connections, *next; connection != NULL; connection = next) {
        next = connection->next;
        if (connection->due != 0 && connection->due < now) connection_end(context, connection);
    }
}

/* Before anything is received from it. */
static bool is_welcome(struct context *context, const struct credentials *who) {
    if (who->user == (uint32_t)geteuid()) return true;
    (void)pthread_mutex_lock(&context->lock);
    const struct shs_options options = context->options;
    (void)pthread_mutex_unlock(&context->lock);
    const struct shs_admit_request request = {
        .pid = who->pid, .user = who->user, .group = who->group, .group_known = 1, .direction = SHS_INCOMING
    };
    return options.admit != NULL && options.admit(options.admit_context, &request) != 0;
}

void connection_open(struct context *context, int fd) {
    struct server *server = &context->server;
    struct credentials who;
    struct connection *connection = NULL;
    if (fdpass_prepare(fd) && peercred_of_connection(fd, &who) && is_welcome(context, &who))
        connection = calloc(1, sizeof *connection);
    if (connection == NULL || !poller_watch(server->poller, fd, connection)) {
        fd_close(fd);
        free(connection);
        return;
    }
    connection->fd = fd;
    connection->in_fd = connection->out_fd = -1;
    connection->sent = WIRE_SIZE;
    connection->requester = (struct requester){ .who = who, .connection = ++server->serial };
    connection->due = context_deadline(context);
    put_first(server, connection);
}

/* Send what there is to send. False when the link is of no more use. */
static bool send_response(struct context *context, struct connection *connection) {
    const ssize_t sent = fdpass_send(connection->fd, connection->out + connection->sent, WIRE_SIZE - connection->sent,
                                     connection->sent == 0 ? connection->out_fd : -1);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (sent > 0) connection->sent += (size_t)sent;
    if (connection->sent < WIRE_SIZE) return poller_want_write(context->server.poller, connection->fd, connection);
    fd_close(connection->out_fd);
    connection->out_fd = -1;
    connection->due = 0;
    return true;
}

/* A whole question is there. The first must be HELLO, from a process that the kernel names. */
static bool response(struct context *context, struct connection *connection) {
    struct message request, reply;
    const int fd = connection->in_fd;
    const bool lost = connection->lost;
    connection->in_fd = -1;
    connection->lost = false;
    connection->have = 0;
    connection->due = 0;
    if (!wire_decode(connection->in, &request) || (request.kind == WIRE_HELLO) == connection->greeted ||
        connection->requester.who.pid == 0) {
        fd_close(fd);
        return false;
    }
    connection->greeted = true;
    if (lost)
        reply = (struct message){ .kind = request.kind, .serial = request.serial, .status = SHS_E_LIMIT };
    else if (!handle_request(context, &connection->requester, &request, fd, &reply, &connection->out_fd))
        return true;
    wire_encode(&reply, connection->out);
    connection->sent = 0;
    connection->due = context_deadline(context);
    return send_response(context, connection);
}

/* Receive a part of a question. False when the link is of no more use. */
static bool receive(struct context *context, struct connection *connection) {
    struct fdpass_extra extra;
    const ssize_t got =
        fdpass_receive(connection->fd, connection->in + connection->have, WIRE_SIZE - connection->have, &extra);
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    const bool is_other = extra.named && connection->named && extra.who.user != connection->speaker;
    if (extra.named) {
        connection->named = true;
        connection->speaker = extra.who.user;
        connection->requester.who.pid = extra.who.pid;
    }
    if (extra.fd >= 0 && (connection->in_fd >= 0 || got == 0 || is_other)) {
        fd_close(extra.fd);
        return false;
    }
    if (extra.fd >= 0) connection->in_fd = fd_track(extra.fd);
    connection->lost = connection->lost || extra.lost;
    if (got == 0 || is_other) return false;
    connection->have += (size_t)got;
    if (connection->due == 0) connection->due = context_deadline(context);
    return connection->have < WIRE_SIZE || response(context, connection);
}

void connection_serve(struct context *context, struct connection *connection) {
    bool fine;
    if (connection->sent < WIRE_SIZE)
        fine = send_response(context, connection) &&
               (connection->sent < WIRE_SIZE || poller_want_read(context->server.poller, connection->fd, connection));
    else
        fine = receive(context, connection);
    if (!fine) {
        connection_end(context, connection);
        return;
    }
    take_out(&context->server, connection);
    put_first(&context->server, connection);
}
