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

#define ENDED_MOST 8192 /* more than wait where a listener that was shut down lets nobody in */
#define PASSED_MOST 253 /* descriptors, by a kernel with one message */
#define CONTROL_ROOM (CMSG_SPACE(PASSED_MOST * sizeof(int)) + 256)

/* Where a system lacks it, it has the socket option that prepare() sets. */
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

/* What came with a message besides its bytes. */
struct brought {
    struct fdpass_extra extra;
    size_t discarded; /* descriptors that are not kept */
    bool cut;         /* there was no room for all */
};

/* Take the descriptors of one control message: the first that is shared memory is kept. Nothing is asked of the others,
 * as any answer may take as long as their sender likes. A message without any is how gVisor tells of no room. */
static void take_descriptors(const struct cmsghdr *header, struct brought *brought) {
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (count == 0) brought->cut = true;
    for (size_t i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (brought->extra.fd < 0 && shs__memfd_kind(fd) != MEMFD_FOREIGN) {
            brought->extra.fd = shs__fd_track(fd);
        } else {
            shs__discard_foreign(fd);
            brought->discarded++;
        }
    }
}

/* False where a message brought more than one descriptor, or no shared memory: none is kept. */
static bool take_brought(struct msghdr *message, struct brought *brought) {
    struct fdpass_extra *extra = &brought->extra;
    *extra = (struct fdpass_extra){ .fd = -1 };
    brought->discarded = 0;
    brought->cut = (message->msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
            take_descriptors(header, brought);
        else if (shs__sender_of_message(header, &extra->who))
            extra->named = true;
    }
    extra->lost = brought->cut && extra->fd < 0;
    if (brought->discarded == 0 && (!brought->cut || extra->lost)) return true;
    shs__fd_close(extra->fd);
    return false;
}

/* recvmsg(), with room for so much besides the bytes. */
static ssize_t receive(int socket, struct iovec *part, size_t control_room, int flags, struct brought *brought) {
    _Alignas(struct cmsghdr) unsigned char control[CONTROL_ROOM];
    struct msghdr message = { .msg_iov = part, .msg_iovlen = 1, .msg_control = control };
    message.msg_controllen = (__typeof__(message.msg_controllen))control_room;
    brought->discarded = 0;
    ssize_t got;
    do {
        got = shs__newborn_receive(socket, &message, flags | MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got < 0 || take_brought(&message, brought)) return got;
    errno = EPROTO;
    return -1;
}

/* Does a descriptor come next? To look at it lets none in. */
static bool brings_descriptor(int socket) {
    struct brought brought;
    char byte;
    struct iovec part = { .iov_base = &byte, .iov_len = sizeof byte };
    return receive(socket, &part, SENDER_ROOM, MSG_PEEK, &brought) > 0 && brought.extra.lost;
}

ssize_t shs__fdpass_receive(int socket, void *bytes, size_t room, struct fdpass_extra *extra) {
    struct iovec part = { .iov_base = bytes, .iov_len = room };
    struct brought brought;
    if (!shs__discard_has_room() && brings_descriptor(socket)) {
        errno = EMFILE;
        return -1;
    }
    shs__birth_begin();
    const ssize_t got = receive(socket, &part, CONTROL_ROOM, 0, &brought);
    shs__birth_end();
    const int error = errno;
    if (brought.discarded > 0) shs__discard_begin(); /* behind the birth, as a thread may have to be made */
    if (got >= 0) {
        *extra = brought.extra;
        if (!shs__sender_is_named()) extra->named = shs__peercred_of_connection(socket, &extra->who);
    }
    errno = error;
    return got;
}

/* Besides what it has from its birth: a byte out of band, and what descriptors it brings, would be dropped within a
 * receive, and so comes in its turn; and a peer that is gone raises no signal. */
static bool prepare(int socket) {
    const int on = 1;
    (void)setsockopt(socket, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
#ifdef SO_NOSIGPIPE
    return setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) == 0;
#else
    return true;
#endif
}

static int open_socket(int type) {
    shs__birth_begin();
    const int made = shs__fd_track(shs__newborn_socket(type));
    shs__birth_end();
    if (made < 0 || prepare(made)) return made;
    const int error = errno;
    shs__fd_close(made);
    errno = error;
    return -1;
}

int shs__fdpass_socket(void) { return open_socket(SOCK_STREAM); }

int shs__fdpass_datagram_socket(void) { return open_socket(SOCK_DGRAM); }

int shs__fdpass_accept(int listener) {
    shs__birth_begin();
    const int accepted = shs__fd_track(shs__newborn_accept(listener));
    shs__birth_end();
    if (accepted < 0 || prepare(accepted)) return accepted;
    shs__fdpass_close(accepted);
    errno = ECONNABORTED; /* macOS: one that was shut down takes no options */
    return -1;
}

/* ---- ends ---- */

/* Does nothing lie in it that nobody has received? */
static bool is_empty(int socket) {
    char byte;
    int type = SOCK_STREAM;
    socklen_t size = sizeof type;
    const ssize_t got = recv(socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
    if (got != 0) return got < 0;
    return getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM; /* its end, then */
}

/* Nothing can be sent to it behind the shutdown, with which some systems let go of what lies in it. */
void shs__fdpass_close(int socket) {
    bool is_slow = false;
    if (shs__fd_is_ours(socket)) {
        (void)shutdown(socket, SHUT_RDWR);
        is_slow = !is_empty(socket);
    }
    if (is_slow)
        shs__discard(socket);
    else
        shs__fd_close(socket);
}

void shs__fdpass_close_listener(int listener) {
    bool is_slow = false;
    if (shs__fd_is_ours(listener)) {
        (void)shutdown(listener, SHUT_RDWR);
        int accepted = 0;
        for (int i = 0; i < ENDED_MOST && (accepted >= 0 || errno == ECONNABORTED); i++) {
            accepted = shs__fdpass_accept(listener);
            shs__fdpass_close(accepted);
        }
        is_slow = accepted >= 0 || errno == EMFILE || errno == ENFILE || errno == ENOMEM;
    }
    if (is_slow)
        shs__discard(listener);
    else
        shs__fd_close(listener);
}
