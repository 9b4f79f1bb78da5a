/*
 * The moment in which a descriptor is born: when the system has opened it, and the library has not noted it yet. The
 * linker leads these system calls here.
 *
 * A child that another thread forks in that moment has none of them: the fork waits. And none has the number of a
 * standard stream, not for that moment.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/parallel.h"
#include "support/suite.h"
#include "support/system.h"

#define YIELDS 20000 /* time enough for a fork that does not wait */

enum birth { NONE, ACCEPT, RECEIVE, MEMORY, SOCKET, PIPE, POLLER, BIRTHS };

static _Atomic enum birth awaited;  /* in which a fork is to happen */
static _Atomic bool streams_closed; /* in which none may have the number of a stream */
static atomic_uint born;

/* ---- the fork ---- */

static sem_t wanted;
static _Atomic bool begun, passed; /* the fork, before and behind the library's handler */
static struct leaks before;

static void begin_fork(void) { atomic_store(&begun, true); }

static void pass_fork(void) { atomic_store(&passed, true); }

/* What was born belongs to the parent alone. */
static void be_the_child(void) {
    struct leaks now;
    leaks_measure(&now);
    if (now.descriptors != before.descriptors) leaks_describe();
    _exit(now.descriptors == before.descriptors ? 0 : 1);
}

static void fork_when_wanted(void *context) {
    int *status = context;
    while (sem_wait(&wanted) != 0) {
    }
    const pid_t pid = fork();
    if (pid == 0) be_the_child();
    if (waitpid(pid, status, 0) != pid) *status = -1;
}

/* In the moment: another thread forks, as far as it gets. */
static void let_it_fork(void) {
    sem_post(&wanted);
    while (!atomic_load(&begun))
        parallel_pause();
    for (int i = 0; i < YIELDS && !atomic_load(&passed); i++)
        sched_yield();
}

static int after(enum birth birth, int fd) {
    enum birth this_one = birth;
    if (fd < 0) return fd;
    if (atomic_load(&streams_closed)) {
        atomic_fetch_add(&born, 1);
        EXPECT(fd > STDERR_FILENO);
    }
    if (atomic_compare_exchange_strong(&awaited, &this_one, NONE)) let_it_fork();
    return fd;
}

/* ---- the system calls ---- */

int __real_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
int __wrap_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);

int __wrap_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    return after(ACCEPT, __real_accept4(listener, address, length, flags));
}

int __real_accept(int listener, struct sockaddr *address, socklen_t *length);
int __wrap_accept(int listener, struct sockaddr *address, socklen_t *length);

int __wrap_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return after(ACCEPT, __real_accept(listener, address, length));
}

ssize_t __real_recvmsg(int socket, struct msghdr *message, int flags);
ssize_t __wrap_recvmsg(int socket, struct msghdr *message, int flags);

ssize_t __wrap_recvmsg(int socket, struct msghdr *message, int flags) {
    const ssize_t got = __real_recvmsg(socket, message, flags);
    for (struct cmsghdr *header = got < 0 ? NULL : CMSG_FIRSTHDR(message); header != NULL;
         header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_type == SCM_RIGHTS) (void)after(RECEIVE, *(const int *)(const void *)CMSG_DATA(header));
    }
    return got;
}

int __real_memfd_create(const char *name, unsigned flags);
int __wrap_memfd_create(const char *name, unsigned flags);

int __wrap_memfd_create(const char *name, unsigned flags) { return after(MEMORY, __real_memfd_create(name, flags)); }

int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);

int __wrap_socket(int domain, int type, int protocol) { return after(SOCKET, __real_socket(domain, type, protocol)); }

int __real_pipe(int ends[2]);
int __wrap_pipe(int ends[2]);

int __wrap_pipe(int ends[2]) {
    const int made = __real_pipe(ends);
    if (made == 0) (void)after(PIPE, ends[0]);
    return made;
}

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);

int __wrap_epoll_create1(int flags) { return after(POLLER, __real_epoll_create1(flags)); }

int __real_socketpair(int family, int type, int protocol, int ends[2]);
int __wrap_socketpair(int family, int type, int protocol, int ends[2]);

int __wrap_socketpair(int family, int type, int protocol, int ends[2]) {
    const int made = __real_socketpair(family, type, protocol, ends);
    if (made == 0) (void)after(POLLER, ends[0]);
    return made;
}

/* ---- forks ---- */

/* All of it happens in here: this process connects, accepts, gives and is given. */
static void live(struct child *other) {
    const shs_pid self = shs_self();
    shs_handle handle = 0;
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = 60000;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const shs_handle own = block_new(1, 100, self);
    const shs_handle given = block_new(2, 100, child_pid(other));
    CHECK_STATUS(SHS_OK, actor_alloc(other, 3, 100, self, &handle));
    CHECK(actor_sees(other, own, self, 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK_STATUS(SHS_OK, shs_free(given, child_pid(other)));
    CHECK_STATUS(SHS_OK, shs_free(own, self));
    stop_all();
}

static void check_fork_in(enum birth birth) {
    int status = -1;
    struct child *other = actor_start_attached();
    leaks_measure(&before);
    atomic_store(&begun, false);
    atomic_store(&passed, false);
    atomic_store(&awaited, birth);
    struct parallel *forker = parallel_start(fork_when_wanted, &status);
    live(other);
    CHECK_NUMBER(NONE, atomic_load(&awaited));
    parallel_join(forker);
    CHECK_NUMBER(0, (uint64_t)status);
    actor_end(other);
}

/* Handlers before a fork run in the order opposite to that in which they were registered. */
static void a_fork_waits(void) {
    CHECK(sem_init(&wanted, 0, 0) == 0);
    CHECK(pthread_atfork(pass_fork, NULL, NULL) == 0);
    shs_self();
    stop_all();
    CHECK(pthread_atfork(begin_fork, NULL, NULL) == 0);
    for (enum birth birth = ACCEPT; birth < BIRTHS; birth++) {
        if (birth != MEMORY || system_seals_memory()) check_fork_in(birth);
    }
}

/* ---- streams ---- */

static int closed_role(char **arguments) {
    uint32_t peer = 0;
    (void)arguments;
    EXPECT(parent_receive(&peer, sizeof peer));
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    atomic_store(&streams_closed, true);
    shs_handle handle = 0;
    void *view = NULL;
    EXPECT_STATUS(SHS_OK, shs_alloc(NULL, 100000, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, peer, &handle));
    EXPECT_STATUS(SHS_OK, shs_lock(handle, peer, SHS_READ, &view, NULL));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    stop_all();
    EXPECT(atomic_load(&born) > 3);
    EXPECT(write(STDOUT_FILENO, "x", 1) < 0);
    return EXIT_SUCCESS;
}

static void no_stream_is_taken(void) {
    const uint32_t self = shs_self();
    struct child *child = child_start("closed", NULL);
    REQUIRE(child != NULL);
    CHECK(child_send(child, &self, sizeof self));
    CHECK_NUMBER(0, (uint64_t)child_wait(child));
}

static const struct test tests[] = {
    { "a fork waits for a birth", a_fork_waits },
    { "no number of a stream is taken", no_stream_is_taken },
};

static const struct role roles[] = { { "closed", closed_role } };

SUITE_WITH_ROLES("births", tests, roles, LENGTH(roles))
