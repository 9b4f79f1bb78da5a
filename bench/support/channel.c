/*
 * A letter through a socket. Every peer uses these calls with the same buffers: the empty ping-pong pays for what the
 * others pay for.
 */
#include "channel.h"

#include <string.h>
#include <sys/socket.h>

#include "support.h"

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
};

void channel_make(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail("socketpair");
}

void channel_send(int channel, const struct letter *letter) {
    struct iovec bytes = { .iov_base = (void *)letter, .iov_len = sizeof *letter };
    union control control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET } };
    struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
    if (letter->descriptor != NO_DESCRIPTOR) {
        control.header.cmsg_type = SCM_RIGHTS;
        memcpy(CMSG_DATA(&control.header), &letter->descriptor, sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
    }
    if (sendmsg(channel, &message, MSG_NOSIGNAL) != (ssize_t)sizeof *letter) fail("sendmsg");
}

int channel_receive(int channel, struct letter *letter) {
    struct iovec bytes = { .iov_base = letter, .iov_len = sizeof *letter };
    union control control;
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
    };
    const ssize_t got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    if (got == 0) return 0;
    if (got != (ssize_t)sizeof *letter) fail("recvmsg");
    letter->descriptor = NO_DESCRIPTOR;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL) memcpy(&letter->descriptor, CMSG_DATA(header), sizeof(int));
    return 1;
}
