/*
 * The moment in which a descriptor is born: when the system has opened it, and the library has not noted it yet. The
 * linker leads these system calls here.
 *
 * A child that another thread forks in that moment has none of them: the fork waits. And none has the number of a
 * standard stream, not for that moment.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
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

static _Atomic bool raises_in_fork; /* behind the library's handler */

static _Atomic bool calls_in_fork; /* there, and in the child before the library's */

static void call_library(void) {
    shs_handle handle = 0;
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static void call_in_child(void) {
    if (atomic_load(&calls_in_fork)) call_library();
}

static void begin_fork(void) { atomic_store(&begun, true); }

static void pass_fork(void) {
    atomic_store(&passed, true);
    if (atomic_exchange(&raises_in_fork, false)) raise(SIGUSR1);
    if (atomic_load(&calls_in_fork)) call_library();
}

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

/* ---- a signal ---- */

static _Atomic bool signals_raised; /* one in each birth */
static _Thread_local bool in_birth;
static atomic_uint raised, handled, handled_in_birth, blocked;

static void fork_in_handler(int number) {
    (void)number;
    const int error = errno;
    if (in_birth) atomic_fetch_add(&handled_in_birth, 1);
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    atomic_fetch_add(&handled, 1);
    errno = error;
}

/* Those that a system call raises itself, or an instruction: a sandbox answers for the kernel in their handlers. */
static void note_blocked(void) {
    static const int own[] = { SIGSYS, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    for (size_t i = 0; i < LENGTH(own); i++)
        atomic_fetch_add(&blocked, (unsigned)sigismember(&mask, own[i]));
}

static void raise_one(void) {
    note_blocked();
    in_birth = true;
    atomic_fetch_add(&raised, 1);
    pthread_kill(pthread_self(), SIGUSR1);
    in_birth = false;
}

static int after(enum birth birth, int fd) {
    enum birth this_one = birth;
    if (fd < 0) return fd;
    if (atomic_load(&signals_raised)) raise_one();
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

int __real_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags);

int __wrap_pipe2(int ends[2], int flags) {
    const int made = __real_pipe2(ends, flags);
    EXPECT((flags & O_CLOEXEC) != 0); /* posix_spawn() waits for nobody */
    if (made == 0) (void)after(PIPE, ends[0]);
    return made;
}

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

static void check_moment(enum birth birth, void (*make_child)(void *context)) {
    int status = -1;
    struct child *other = actor_start_attached();
    leaks_measure(&before);
    atomic_store(&begun, false);
    atomic_store(&passed, false);
    atomic_store(&awaited, birth);
    struct parallel *forker = parallel_start(make_child, &status);
    live(other);
    CHECK_NUMBER(NONE, atomic_load(&awaited));
    parallel_join(forker);
    CHECK_NUMBER(0, (uint64_t)status);
    actor_end(other);
}

/* Handlers before a fork run in the order opposite to that in which they were registered. */
static void a_fork_waits(void) {
    CHECK(sem_init(&wanted, 0, 0) == 0);
    CHECK(pthread_atfork(pass_fork, NULL, call_in_child) == 0);
    shs_self();
    stop_all();
    CHECK(pthread_atfork(begin_fork, NULL, NULL) == 0);
    for (enum birth birth = ACCEPT; birth < BIRTHS; birth++) {
        if (birth != MEMORY || system_seals_memory()) check_moment(birth, fork_when_wanted);
    }
}

/* ---- signals ---- */

/* Their handlers may fork, which waits for births: so they wait for the end of this thread's. */
static void no_signal_is_handled(void) {
    const struct sigaction action = { .sa_handler = fork_in_handler };
    struct child *other = actor_start_attached();
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    atomic_store(&signals_raised, true);
    live(other);
    atomic_store(&signals_raised, false);
    CHECK(atomic_load(&raised) > 3);
    CHECK(atomic_load(&handled) > 0);
    CHECK_NUMBER(0, atomic_load(&handled_in_birth));
    CHECK_NUMBER(0, atomic_load(&blocked));
    actor_end(other);
}

/* Nor one between the library's handler of forks and the fork. */
static void no_signal_is_handled_in_a_fork(void) {
    const struct sigaction action = { .sa_handler = fork_in_handler };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    const unsigned handled_before = atomic_load(&handled);
    shs_self();
    atomic_store(&raises_in_fork, true);
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    CHECK(waitpid(pid, NULL, 0) == pid);
    CHECK(atomic_load(&handled) > handled_before);
    stop_all();
}

/* Handlers of forks may call it, on whatever side of the library's own. */
static void handlers_of_forks_call(void) {
    int status = -1;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    atomic_store(&calls_in_fork, true);
    const pid_t pid = fork();
    if (pid == 0) {
        atomic_store(&calls_in_fork, false);
        call_library();
        const pid_t second = fork();
        if (second == 0) _exit(0);
        EXPECT(waitpid(second, &status, 0) == second && status == 0);
        EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
        stop_all();
        _exit(0);
    }
    atomic_store(&calls_in_fork, false);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_NUMBER(0, (uint64_t)status);
    stop_all();
}

/* ---- clones ---- */

/* The thread that is in the birth is not here. */
static void live_as_a_clone(void) {
    shs_handle handle = 0;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* no other signal ends one that waits for a birth */
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
    stop_all();
    _exit(0);
}

static void clone_when_wanted(void *context) {
    int *status = context;
    while (sem_wait(&wanted) != 0) {
    }
    const pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) live_as_a_clone();
    atomic_store(&begun, true);
    atomic_store(&passed, true);
    if (waitpid(pid, status, 0) != pid) *status = -1;
}

static void a_clone_waits_for_nobody(void) {
    CHECK(sem_init(&wanted, 0, 0) == 0);
    for (enum birth birth = ACCEPT; birth < BIRTHS; birth++) {
        if (birth == MEMORY && !system_seals_memory()) continue;
        check_moment(birth, clone_when_wanted);
    }
}

/* ---- streams ---- */

/* It stays, as to close it could close what the program puts there; and it is not inherited by what is executed. */
static bool is_nobodys(int stream) {
    char byte = 'x';
    return write(stream, &byte, 1) < 0 && read(stream, &byte, 1) < 0 && fcntl(stream, F_GETFD) == FD_CLOEXEC;
}

static int closed_role(char **arguments) {
    uint32_t peer = 0;
    (void)arguments;
    EXPECT(parent_receive(&peer, sizeof peer));
    const int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 64);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        close(stream);
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
    const bool are_nobodys = is_nobodys(STDIN_FILENO) && is_nobodys(STDOUT_FILENO) && is_nobodys(STDERR_FILENO);
    EXPECT(dup2(kept, STDERR_FILENO) == STDERR_FILENO); /* to say what is wrong */
    EXPECT(are_nobodys);
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
    { "a fork waits for a birth", a_fork_waits }, /* first: its handlers stand round the library's */
    { "a clone waits for no birth", a_clone_waits_for_nobody },
    { "no signal is handled in a birth", no_signal_is_handled },
    { "no signal is handled in a fork", no_signal_is_handled_in_a_fork },
    { "handlers of forks call", handlers_of_forks_call },
    { "no number of a stream is taken", no_stream_is_taken },
};

static const struct role roles[] = { { "closed", closed_role } };

SUITE_WITH_ROLES("births", tests, roles, LENGTH(roles))
