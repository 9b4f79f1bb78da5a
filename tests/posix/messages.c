/*
 * Messages that come in parts: what makes one whole, and what becomes of one that is not.
 *
 * The two ends of a connection are in the test's hand; what it kept of a descriptor would be found behind each test.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/ipc/message_io.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/sender.h"
#include "raw.h"
#include "support/suite.h"
#include "support/system.h"

#define OTHER_USER 54321u
#define HALF (WIRE_SIZE / 2)

static int ends[2];
static int memories[2]; /* what was sent: a system may lose what its sender closes */
static int memory_count;
static uint8_t bytes[WIRE_SIZE];

static void open_ends(void) {
    const struct message message = { .kind = WIRE_PROBE };
    shs__wire_encode(&message, bytes);
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    raw_track(ends);
}

static void close_ends(void) {
    for (int i = 0; i < 2; i++)
        shs__fd_close(ends[i]);
    while (memory_count > 0)
        close(memories[--memory_count]);
}

/* From the first end, with memory where that is wanted. */
static void send_part(size_t from, size_t length, bool with_memory) {
    const int memory = with_memory ? memfd_create("part", MFD_CLOEXEC) : -1;
    CHECK(raw_send(ends[0], bytes + from, length, memory, with_memory ? 1 : 0));
    if (memory >= 0) memories[memory_count++] = memory;
}

/* In the name of another user, as root may. */
static void send_half_as_other(void) {
    _Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(struct ucred))] = { 0 };
    const struct ucred other = { getpid(), OTHER_USER, OTHER_USER };
    struct iovec part = { .iov_base = bytes + HALF, .iov_len = WIRE_SIZE - HALF };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
    message.msg_controllen = sizeof control;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_CREDENTIALS;
    header->cmsg_len = CMSG_LEN(sizeof other);
    memcpy(CMSG_DATA(header), &other, sizeof other);
    CHECK(sendmsg(ends[0], &message, MSG_NOSIGNAL) == (ssize_t)part.iov_len);
}

/* What has come by now, at the second end. */
static shs_status receive(void) {
    const struct waiting wait = wait_not();
    struct fdpass_extra extra = { .fd = -1 };
    struct message message;
    const shs_status status = shs__message_receive(ends[1], &message, &extra, &wait);
    if (status == SHS_OK) CHECK(message.kind == WIRE_PROBE);
    shs__fd_close(extra.fd);
    return status;
}

static void parts_are_put_together(void) {
    open_ends();
    CHECK(shs__sender_ask(ends[1]));
    CHECK_STATUS(SHS_E_TIMEOUT, receive());
    send_part(0, HALF, true);
    send_part(HALF, WIRE_SIZE - HALF, false);
    CHECK_STATUS(SHS_OK, receive());
    close_ends();
}

/* What was received of it is gone: nothing that comes behind it would make sense. */
static void half_a_message_ends_a_connection(void) {
    open_ends();
    CHECK(shs__sender_ask(ends[1]));
    send_part(0, HALF, true);
    CHECK_STATUS(SHS_E_NOT_ATTACHED, receive());
    close_ends();
}

static void a_message_has_one_descriptor(void) {
    open_ends();
    CHECK(shs__sender_ask(ends[1]));
    send_part(0, HALF, true);
    send_part(HALF, WIRE_SIZE - HALF, true);
    CHECK_STATUS(SHS_E_PROTOCOL, receive());
    close_ends();
}

static void a_message_has_one_sender(void) {
    if (!system_names_senders()) return;
    if (geteuid() != 0) {
        skip("only root can speak as another user");
        return;
    }
    open_ends();
    CHECK(shs__sender_ask(ends[1]));
    send_part(0, HALF, true);
    send_half_as_other();
    CHECK_STATUS(SHS_E_PROTOCOL, receive());
    close_ends();
}

/* The kernel was not asked to say whose it is. */
static void a_message_has_a_sender(void) {
    if (!system_names_senders()) return;
    open_ends();
    send_part(0, WIRE_SIZE, true);
    CHECK_STATUS(SHS_E_PROTOCOL, receive());
    close_ends();
}

static const struct test tests[] = {
    { "parts are put together", parts_are_put_together },
    { "half a message ends a connection", half_a_message_ends_a_connection },
    { "a message has one descriptor", a_message_has_one_descriptor },
    { "a message has one sender", a_message_has_one_sender },
    { "a message has a sender", a_message_has_a_sender },
};

SUITE("messages", tests)
