/*
 * Messages that the library would never send. See raw.h.
 */
#include "raw.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/ipc/endpoint.h"
#include "posix/os/birth.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/fdpass.h"
#include "support/suite.h"

#define MOST 253 /* descriptors in one message, to the kernel */

int raw_reach(shs_pid pid, uint32_t user) {
    struct runtime_place place;
    struct endpoint_entry entry;
    shs__runtime_place_read(&place, user != (uint32_t)geteuid());
    if (shs__endpoint_find(&place, pid, user, &entry) != SHS_OK) return -1;
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    if (made >= 0) (void)fcntl(made, F_SETFD, FD_CLOEXEC);
    if (made >= 0 && connect(made, (const struct sockaddr *)&entry.address, sizeof entry.address) != 0) {
        (void)close(made);
        made = -1;
    }
    shs__endpoint_release(&entry);
    return made;
}

int raw_connect(shs_pid pid) {
    const int made = raw_reach(pid, (uint32_t)geteuid());
    REQUIRE(made >= 0);
    return made;
}

void raw_track(int ends[2]) {
    shs__birth_begin();
    for (int i = 0; i < 2; i++)
        ends[i] = shs__fd_track(ends[i]);
    shs__birth_end();
}

int raw_accept(int listener) {
    const int accepted = accept(listener, NULL, NULL);
    if (accepted >= 0) (void)fcntl(accepted, F_SETFL, fcntl(accepted, F_GETFL) & ~O_NONBLOCK);
    return accepted;
}

int raw_greet_for(shs_pid pid, int *liveness_fd) {
    const struct message hello = { .kind = WIRE_HELLO, .pid = shs_self() };
    struct message response = { .status = SHS_E_SYSTEM };
    const int made = raw_connect(pid);
    CHECK(raw_ask_for(made, &hello, -1, &response, liveness_fd));
    CHECK(response.kind == WIRE_HELLO && response.status == SHS_OK && response.pid == pid);
    return made;
}

int raw_greet(shs_pid pid) {
    int liveness_fd = -1;
    const int made = raw_greet_for(pid, &liveness_fd);
    if (liveness_fd >= 0) close(liveness_fd);
    return made;
}

bool raw_send(int socket, const void *bytes, size_t length, int fd, size_t count) {
    _Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(MOST * sizeof(int))] = { 0 };
    struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = length };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (count > 0) {
        message.msg_control = control;
        message.msg_controllen = (__typeof__(message.msg_controllen))CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = (__typeof__(header->cmsg_len))CMSG_LEN(count * sizeof(int));
        for (size_t i = 0; i < count; i++) {
            memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
        }
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)length;
}

bool raw_say(int socket, const struct message *message, int fd) {
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(message, bytes);
    return raw_send(socket, bytes, sizeof bytes, fd, fd < 0 ? 0 : 1);
}

/* Bytes of a response, and a descriptor that comes with them; 0 when the other side has closed. The socket itself may
 * block: the test's time limit guards it. */
static size_t receive_with(int socket, uint8_t *bytes, size_t room, int *fd) {
    struct fdpass_extra extra;
    struct pollfd watched = { .fd = socket, .events = POLLIN };
    CHECK(poll(&watched, 1, -1) == 1);
    const ssize_t got = shs__fdpass_receive(socket, bytes, room, &extra);
    if (got <= 0) return 0;
    if (extra.fd >= 0) *fd = extra.fd;
    return (size_t)got;
}

static size_t receive(int socket, uint8_t *bytes, size_t room) {
    int fd = -1;
    const size_t got = receive_with(socket, bytes, room, &fd);
    if (fd >= 0) close(fd);
    return got;
}

static bool hear(int socket, struct message *response, int *brought) {
    uint8_t bytes[WIRE_SIZE];
    for (size_t done = 0; done < sizeof bytes;) {
        const size_t got = receive_with(socket, bytes + done, sizeof bytes - done, brought);
        if (got == 0) return false;
        done += got;
    }
    return CHECK(shs__wire_decode(bytes, response));
}

bool raw_ask(int socket, const struct message *message, int fd, struct message *response) {
    int brought = -1;
    const bool answered = raw_ask_for(socket, message, fd, response, &brought);
    if (brought >= 0) close(brought);
    return answered;
}

bool raw_hear(int socket, struct message *response) {
    int brought = -1;
    const bool heard = hear(socket, response, &brought);
    if (brought >= 0) close(brought);
    return heard;
}

bool raw_ask_for(int socket, const struct message *message, int fd, struct message *response, int *brought) {
    return raw_say(socket, message, fd) && hear(socket, response, brought);
}

bool raw_is_closed(int socket) {
    uint8_t bytes[WIRE_SIZE];
    return receive(socket, bytes, sizeof bytes) == 0;
}

bool raw_is_refused(int socket, shs_status status) {
    uint8_t bytes[WIRE_SIZE];
    struct message said;
    return receive(socket, bytes, sizeof bytes) == sizeof bytes && shs__wire_decode(bytes, &said) &&
           said.kind == WIRE_HELLO && said.status == (int32_t)status && raw_is_closed(socket);
}
