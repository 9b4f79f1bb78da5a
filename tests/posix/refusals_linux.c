/*
 * What the system refuses seldom, and the campaign of faults has found to matter. The linker leads these calls here.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "posix/ipc/message_io.h"
#include "posix/os/fd_tracking.h"
#include "raw.h"
#include "support/checked.h"
#include "support/suite.h"
#include "support/system.h"

#define SHORT_MS 20

/* Which call fails, and how. */
enum call { NONE, MESSAGES, STAT, WATCHES };
static enum call refused;
static int reason;

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
static void start_without(enum call call, int why) {
    reason = why;
    refused = call;
    CHECK_STATUS(SHS_E_NO_MEMORY, checked_start(NULL));
    refused = NONE;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
}

static void a_namespace_that_cannot_be_read_is_not_none(void) {
    if (system_has_namespaces()) start_without(STAT, ENOMEM);
}

static void a_poller_that_cannot_watch_is_closed(void) {
    if (system_polls_in_the_kernel()) start_without(WATCHES, ENOSPC);
}

static const struct test tests[] = {
    { "a socket that is called ready and moves nothing is not asked for ever",
      a_socket_that_moves_nothing_is_not_asked_for_ever },
    { "a pid namespace that could not be read is not taken for none", a_namespace_that_cannot_be_read_is_not_none },
    { "a poller that may watch nothing is closed", a_poller_that_cannot_watch_is_closed },
};

SUITE("refusals", tests)
