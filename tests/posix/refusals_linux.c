/*
 * What the system refuses seldom, and the campaign of faults has found to matter. The linker leads these calls here.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "posix/ipc/message_io.h"
#include "posix/ipc/wire.h"
#include "posix/os/fd_tracking.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/suite.h"
#include "support/system.h"

#define SHORT_MS 20

/* Which call fails, and how. */
enum call { NONE, MESSAGES, STAT, WATCHES, SOCKETS, READS, LONG_READS };
static _Atomic enum call refused; /* the service thread makes some of them */
static atomic_int reason;

ssize_t __real_sendmsg(int socket, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int socket, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int socket, const struct msghdr *message, int flags) {
    if (refused != MESSAGES) return __real_sendmsg(socket, message, flags);
    errno = reason;
    return -1;
}

ssize_t __real_recvmsg(int socket, struct msghdr *message, int flags);
ssize_t __wrap_recvmsg(int socket, struct msghdr *message, int flags);
ssize_t __wrap_recvmsg(int socket, struct msghdr *message, int flags) {
    if (refused != MESSAGES) return __real_recvmsg(socket, message, flags);
    errno = reason;
    return -1;
}

int __real_stat64(const char *path, void *about);
int __wrap_stat64(const char *path, void *about);
int __wrap_stat64(const char *path, void *about) {
    if (refused != STAT) return __real_stat64(path, about);
    errno = reason;
    return -1;
}

int __real_epoll_ctl(int poller, int operation, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int poller, int operation, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int poller, int operation, int fd, struct epoll_event *event) {
    if (refused != WATCHES || operation != EPOLL_CTL_ADD) return __real_epoll_ctl(poller, operation, fd, event);
    errno = reason;
    return -1;
}

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol) {
    if (refused != SOCKETS) return __real_socket(family, type, protocol);
    errno = reason;
    return -1;
}

#define READABLE 64 /* entries of a list */
#define PART 100u   /* bytes, less than a list has */

ssize_t __real_pread64(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t offset);

/* An object that was cut to so many entries, after its length was looked at. */
ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t offset) {
    const off_t end = READABLE * (off_t)sizeof(struct wire_entry);
    if (refused == LONG_READS) return __real_pread64(fd, bytes, size < PART ? size : PART, offset);
    if (refused != READS) return __real_pread64(fd, bytes, size, offset);
    if (offset >= end) return 0;
    return __real_pread64(fd, bytes, size < (size_t)(end - offset) ? size : (size_t)(end - offset), offset);
}

/* poll() calls the socket ready all the time, in either direction. */
static void a_socket_that_moves_nothing_is_not_asked_for_ever(void) {
    const struct message told = { .kind = WIRE_PROBE };
    const struct waiting wait = { .until = deadline_in(SHORT_MS), .pump_fd = -1 };
    struct message heard;
    struct fdpass_extra extra = { .fd = -1 };
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    raw_track(ends);
    CHECK_STATUS(SHS_OK, shs__message_send(ends[0], &told, -1, &wait));
    reason = EAGAIN;
    refused = MESSAGES;
    CHECK_STATUS(SHS_E_TIMEOUT, shs__message_send(ends[0], &told, -1, &wait));
    CHECK_STATUS(SHS_E_TIMEOUT, shs__message_receive(ends[1], &heard, &extra, &wait));
    refused = NONE;
    shs__fd_close(ends[0]);
    shs__fd_close(ends[1]);
}

/* Nothing is left of the start that failed: the leak check sees to it. The next one succeeds. */
static void start_without(enum call call, int why, shs_status expected) {
    reason = why;
    refused = call;
    CHECK_STATUS(expected, checked_start(NULL));
    refused = NONE;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
}

static void a_namespace_that_cannot_be_read_is_not_none(void) {
    if (system_has_namespaces()) start_without(STAT, ENOMEM, SHS_E_NO_MEMORY);
}

static void a_poller_that_cannot_watch_is_closed(void) {
    if (system_polls_in_the_kernel()) start_without(WATCHES, ENOSPC, SHS_E_NO_MEMORY);
}

static void a_start_without_a_socket_says_why(void) { start_without(SOCKETS, EMFILE, SHS_E_LIMIT); }

/* Nothing of a list is told that cannot be read to its end. */
static void half_a_list_is_none(void) {
    static struct shs_block_info blocks[READABLE + 1];
    struct child *owner = actor_start_attached();
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(blocks); i++)
        (void)block_new(1, 100, child_pid(owner));
    refused = READS;
    CHECK_STATUS(SHS_E_PROTOCOL, checked_list(child_pid(owner), blocks, LENGTH(blocks), &count));
    CHECK_STATUS(SHS_OK, checked_list(child_pid(owner), blocks, READABLE, &count));
    refused = NONE;
    CHECK_STATUS(SHS_OK, checked_list(child_pid(owner), blocks, LENGTH(blocks), &count));
    CHECK_NUMBER(LENGTH(blocks), count);
    CHECK(blocks[READABLE].size == 100 && blocks[READABLE].handle != 0);
    actor_end(owner);
}

/* The system may give it in several parts. */
static void a_list_in_parts_is_whole(void) {
    static struct shs_block_info blocks[READABLE], parts[READABLE];
    struct child *owner = actor_start_attached();
    size_t count = 0;
    for (size_t i = 0; i < READABLE; i++)
        (void)block_new(1, 100 + i, child_pid(owner));
    CHECK_STATUS(SHS_OK, checked_list(child_pid(owner), blocks, READABLE, &count));
    refused = LONG_READS;
    CHECK_STATUS(SHS_OK, checked_list(child_pid(owner), parts, READABLE, &count));
    refused = NONE;
    CHECK_NUMBER(READABLE, count);
    for (size_t i = 0; i < READABLE; i++)
        CHECK(parts[i].handle == blocks[i].handle && parts[i].size == blocks[i].size && parts[i].size >= 100);
    actor_end(owner);
}

static const struct test tests[] = {
    { "a socket that is called ready and moves nothing is not asked for ever",
      a_socket_that_moves_nothing_is_not_asked_for_ever },
    { "a pid namespace that could not be read is not taken for none", a_namespace_that_cannot_be_read_is_not_none },
    { "a poller that may watch nothing is closed", a_poller_that_cannot_watch_is_closed },
    { "a start without a socket says why", a_start_without_a_socket_says_why },
    { "half a list is none", half_a_list_is_none },
    { "a list in parts is whole", a_list_in_parts_is_whole },
};

SUITE("refusals", tests)
