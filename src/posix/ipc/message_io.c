/*
 * Whole messages over a socket. See message_io.h.
 */
#include "ipc/message_io.h"

#include <errno.h>
#include <poll.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"

static bool is_gone(int error) { return error == EPIPE || error == ECONNRESET || error == ENOTCONN; }

/* What a send or receive came to. SHS_OK also where nothing was moved: try again when the socket is ready. */
static shs_status transfer_status(ssize_t moved) {
    if (moved == 0 || (moved < 0 && is_gone(errno))) return status_local(SHS_E_NOT_ATTACHED);
    if (moved < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return shs__status_from_errno(errno);
    return SHS_OK;
}

/* Nothing moved: wait until something can, as long as there is time. A kernel that calls a socket ready and then moves
 * nothing is not asked for ever. Half a message cannot be taken back: the connection is of no more use. */
static shs_status wait_to_move(int socket, short events, const struct waiting *wait, size_t done) {
    const shs_status status =
        deadline_left(wait->until) == 0 ? shs__status_from_errno(ETIMEDOUT) : shs__wait_ready(wait, socket, events);
    return status == SHS_E_TIMEOUT && done > 0 ? status_local(SHS_E_NOT_ATTACHED) : status;
}

shs_status shs__message_send(int socket, const struct message *message, int fd, const struct waiting *wait) {
    uint8_t bytes[WIRE_SIZE];
    size_t done = 0;
    shs__wire_encode(message, bytes);
    while (done < sizeof bytes) {
        if (!shs__fd_is_ours(socket)) return status_local(SHS_E_NOT_ATTACHED); /* the application closed it */
        const ssize_t sent = shs__fdpass_send(socket, bytes + done, sizeof bytes - done, done == 0 ? fd : -1);
        shs_status status = transfer_status(sent);
        if (status != SHS_OK) return status;
        if (sent > 0) {
            done += (size_t)sent;
            continue;
        }
        status = wait_to_move(socket, POLLOUT, wait, done);
        if (status != SHS_OK) return status;
    }
    return SHS_OK;
}

/* Put what came with one part to what came before; a message has one descriptor at most, and one sender. */
static bool add_extra(struct fdpass_extra *all, const struct fdpass_extra *part) {
    const bool is_other = all->named && part->who.user != all->who.user;
    if (!part->named || is_other || (part->fd >= 0 && all->fd >= 0)) {
        shs__fd_close(part->fd);
        return false;
    }
    all->named = true;
    all->who = part->who;
    all->lost = all->lost || part->lost;
    if (part->fd >= 0) all->fd = part->fd;
    return true;
}

/* A message as far as it has been received. */
struct incoming {
    uint8_t bytes[WIRE_SIZE];
    size_t done;
    struct fdpass_extra extra;
};

/* Receive what has arrived, or wait for it where nothing has. */
static shs_status receive_part(int socket, struct incoming *incoming, const struct waiting *wait) {
    struct fdpass_extra part = { .fd = -1 };
    const size_t done = incoming->done;
    if (!shs__fd_is_ours(socket)) return status_local(SHS_E_NOT_ATTACHED);
    const ssize_t got = shs__fdpass_receive(socket, incoming->bytes + done, WIRE_SIZE - done, &part);
    shs_status status = transfer_status(got);
    if (status != SHS_OK) return status;
    if (got > 0) {
        incoming->done += (size_t)got;
        return add_extra(&incoming->extra, &part) ? SHS_OK : status_local(SHS_E_PROTOCOL);
    }
    return wait_to_move(socket, POLLIN, wait, done);
}

shs_status shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                const struct waiting *wait) {
    struct incoming incoming = { .extra.fd = -1 };
    shs_status status = SHS_OK;
    while (status == SHS_OK && incoming.done < WIRE_SIZE)
        status = receive_part(socket, &incoming, wait);
    if (status == SHS_OK && !shs__wire_decode(incoming.bytes, message)) status = status_local(SHS_E_PROTOCOL);
    if (status == SHS_OK)
        *extra = incoming.extra;
    else
        shs__fd_close(incoming.extra.fd);
    return status;
}
