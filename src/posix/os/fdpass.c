/*
 * Bytes and at most one descriptor over a stream socket. See fdpass.h.
 */
#include "os/fdpass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/birth.h"
#include "os/discard.h"
#include "os/fd_tracking.h"
#include "os/memfd.h"
#include "os/newborn.h"
#include "os/peercred.h"

#define CONTROL_ROOM (CMSG_SPACE(DISCARD_MOST * sizeof(int)) + 256)

/* Where a system lacks it, it has the socket option that shs__fdpass_prepare() sets. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* How much room the control message takes. */
static size_t put_descriptor(unsigned char *control, int fd) {
    struct cmsghdr *header = (struct cmsghdr *)(void *)control;
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return CMSG_SPACE(sizeof fd);
}

ssize_t shs__fdpass_send(int socket, const void *bytes, size_t length, int fd) {
    _Alignas(struct cmsghdr) unsigned char control[SENDER_ROOM + CMSG_SPACE(sizeof fd)] = { 0 };
    struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = length };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
    size_t used = shs__sender_name((struct cmsghdr *)(void *)control);
    if (fd >= 0) used += put_descriptor(control + used, fd);
    message.msg_controllen = (__typeof__(message.msg_controllen))used; /* its type differs between systems */
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && fd >= 0 && errno == EMSGSIZE) errno = EAGAIN; /* macOS: it does not fit what is free just now */
    return sent;
}

/* Take the descriptors of one control message: the first that is shared memory is kept, the others are to be discarded.
 */
static void take_descriptors(const struct cmsghdr *header, struct fdpass_extra *extra, struct discard *discard) {
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (extra->fd < 0 && shs__memfd_kind(fd) != MEMFD_FOREIGN)
            extra->fd = shs__fd_track(fd);
        else if (discard->count < DISCARD_MOST)
            discard->fds[discard->count++] = fd;
    }
}

/* What came with a message besides its bytes. False where that was more than one descriptor, or no shared memory: none
 * is kept. */
static bool take_extra(struct msghdr *message, struct fdpass_extra *extra, struct discard *discard) {
    struct fdpass_extra came = { .fd = -1 };
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
            take_descriptors(header, &came, discard);
        else if (shs__sender_of_message(header, &came.who))
            came.named = true;
    }
    const bool cut = (message->msg_flags & MSG_CTRUNC) != 0;
    came.lost = cut && came.fd < 0;
    *extra = came;
    if (discard->count == 0 && (!cut || came.lost)) return true;
    shs__fd_close(came.fd);
    return false;
}

ssize_t shs__fdpass_receive(int socket, void *bytes, size_t room, struct fdpass_extra *extra) {
    _Alignas(struct cmsghdr) unsigned char control[CONTROL_ROOM];
    struct iovec part = { .iov_base = bytes, .iov_len = room };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
    struct fdpass_extra came;
    struct discard discard = { .count = 0 };
    message.msg_controllen = shs__discard_has_room() ? sizeof control : SENDER_ROOM; /* what has no room is dropped */
    ssize_t got;
    shs__birth_begin();
    do {
        got = shs__newborn_receive(socket, &message, MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    const bool fine = got < 0 || take_extra(&message, &came, &discard);
    shs__birth_end();
    if (discard.count > 0) shs__discard(&discard); /* behind the birth, as it may wait */
    if (got >= 0 && fine) {
        *extra = came;
        if (!shs__sender_is_named()) extra->named = shs__peercred_of_connection(socket, &extra->who);
    }
    if (fine) return got;
    errno = EPROTO;
    return -1;
}

bool shs__fdpass_prepare(int socket) {
    if (!shs__fd_prepare(socket)) return false;
#ifdef SO_NOSIGPIPE
    const int on = 1;
    if (setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) != 0) return false;
#endif
    return true;
}

static int open_socket(int type) {
    shs__birth_begin();
    const int made = shs__fd_track(shs__newborn_socket(type));
    shs__birth_end();
    if (made < 0 || shs__fdpass_prepare(made)) return made;
    const int error = errno;
    shs__fd_close(made);
    errno = error;
    return -1;
}

int shs__fdpass_socket(void) { return open_socket(SOCK_STREAM); }

int shs__fdpass_datagram_socket(void) { return open_socket(SOCK_DGRAM); }
