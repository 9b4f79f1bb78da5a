/*
 * The two processes of a peer on POSIX: fork(), and a socket pair for the letters.
 *
 * SOCK_SEQPACKET keeps one letter one packet, so there is one system call for each, and a descriptor (SCM_RIGHTS)
 * stays with the letter that it belongs to. Every peer uses the same calls with the same buffers: the empty ping-pong
 * pays for what the others pay for. The taker ends when the giver does.
 */
#include "pair.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support.h"

static int channel = NO_DESCRIPTOR;

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
};

enum role pair_split(uint32_t *other) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail("socketpair");
    const uint32_t parent = (uint32_t)getpid();
    const pid_t child = fork();
    if (child < 0) fail("fork");
    const enum role role = child != 0 ? GIVER : TAKER;
    *other = role == GIVER ? (uint32_t)child : parent;
    channel = ends[role];
    close(ends[1 - role]);
    return role;
}

void pair_send(const struct letter *letter) {
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

int pair_receive(struct letter *letter) {
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
