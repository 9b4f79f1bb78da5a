/*
 * Descriptors that wait to be closed: without a thread to close them, under numbers that are somebody else's by now,
 * and in a child of the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix/os/discard.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/fdpass.h"
#include "posix/os/file_identity.h"
#include "posix/server/server.h"
#include "posix/state/context.h"
#include "posix/state/current.h"
#include "raw.h"
#include "slow_socket.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/suite.h"

#define TOO_MANY 300 /* more than a process lets wait */
#define PATIENCE 300 /* seconds: a test may take as long */

/* ---- no thread ---- */

static atomic_bool refuses_threads, takes_signals; /* the thread that was made last, from its beginning on */
static atomic_uint wanted;                         /* threads */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    sigset_t blocked;
    (void)atomic_fetch_add(&wanted, 1);
    (void)pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    atomic_store(&takes_signals, sigismember(&blocked, SIGUSR1) == 0);
    return atomic_load(&refuses_threads) ? EAGAIN : __real_pthread_create(thread, attributes, run, argument);
}

/* From elsewhere, and to be closed. Its number. */
static int discard_parcel(int *other_end) {
    const int slow = slow_parcel(other_end);
    shs__discard_foreign(slow);
    shs__discard_begin();
    return slow;
}

static void await_all_taken(void) {
    while (shs__fd_count_aside() > 0)
        parallel_pause();
}

/* What is slow waits for one, and nobody waits for it. */
static void no_thread(void) {
    int other_end;
    atomic_store(&refuses_threads, true);
    (void)discard_parcel(&other_end);
    CHECK(shs__discard_has_room());
    atomic_store(&refuses_threads, false);
    CHECK(shs__discard_has_room());
    close(other_end);
    slow_sockets_end();
    await_all_taken();
}

/* Where nothing is to be closed, there is no thread to be made. */
static void no_thread_for_nothing(void) {
    await_all_taken();
    atomic_store(&wanted, 0);
    shs__discard_begin();
    CHECK(shs__discard_has_room());
    CHECK_NUMBER(0, atomic_load(&wanted));
}

/* The program's handlers run in its own threads. */
static void no_signal(void) {
    int other_end;
    atomic_store(&takes_signals, true);
    (void)discard_parcel(&other_end);
    CHECK(!atomic_load(&takes_signals));
    close(other_end);
    slow_sockets_end();
    await_all_taken();
}

/* Its sender says how long the last one who closes it waits: that is not for whoever got it. */
static void no_socket_holds_back_its_end(void) {
    struct linger lingers = { .l_onoff = 1, .l_linger = PATIENCE };
    socklen_t size = sizeof lingers;
    const int sent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int received = fcntl(sent, F_DUPFD_CLOEXEC, 0);
    CHECK(setsockopt(sent, SOL_SOCKET, SO_LINGER, &lingers, sizeof lingers) == 0);
    shs__discard_foreign(received);
    shs__discard_begin();
    while (fcntl(received, F_GETFD) >= 0)
        parallel_pause();
    CHECK(getsockopt(sent, SOL_SOCKET, SO_LINGER, &lingers, &size) == 0 && lingers.l_onoff == 0);
    close(sent);
    await_all_taken();
}

/* Without a descriptor nobody can see what waits at a listener, which is closed with it and may be slow. */
static void a_listener_that_cannot_be_emptied(void) {
    struct rlimit limit;
    const struct sockaddr address = { .sa_family = AF_UNIX }; /* some name */
    const int listener = shs__fdpass_socket();
    REQUIRE(listener >= 0 && bind(listener, &address, sizeof address.sa_family) == 0);
    REQUIRE(listen(listener, 1) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit none = { .rlim_max = limit.rlim_max };
    atomic_store(&refuses_threads, true);
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    shs__fdpass_close_listener(listener);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(shs__fd_is_aside(listener));
    atomic_store(&refuses_threads, false);
    shs__discard_begin();
    while (fcntl(listener, F_GETFD) >= 0)
        parallel_pause();
    await_all_taken();
}

static void set_blocked(bool blocked) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    (void)pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void open_with_signals_blocked(void *context) {
    set_blocked(true);
    *(int *)context = shs__fd_open(AT_FDCWD, "/dev/null", O_RDONLY);
}

/* What it holds off meanwhile, it gives back as it was: not as another thread had it. */
static void who_sets_aside_keeps_its_signals(void) {
    int fd = -1;
    sigset_t blocked;
    set_blocked(false);
    parallel_join(parallel_start(open_with_signals_blocked, &fd));
    REQUIRE(shs__fd_set_aside(fd));
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &blocked) == 0 && sigismember(&blocked, SIGUSR1) == 0);
    set_blocked(false);
    shs__discard_begin();
    while (fcntl(fd, F_GETFD) >= 0)
        parallel_pause();
    await_all_taken();
}

/* ---- numbers ---- */

static bool is_told_unasked(void) {
    struct file_identity file;
    return shs__file_identity_get(STDIN_FILENO, &file) && file.inode != 0;
}

static atomic_uint closed_count;

static void count_closed(void) { (void)atomic_fetch_add(&closed_count, 1); }

/* From elsewhere, and not slow at all. Its number. */
static int discard_socket(void) {
    const int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    shs__discard_foreign(number);
    shs__discard_begin();
    return number;
}

static void await_closed(int number) {
    while (atomic_load(&closed_count) == 0 || fcntl(number, F_GETFD) >= 0)
        parallel_pause();
    await_all_taken();
}

/* While a descriptor waits: the program closes it, and something else is opened under its number. */
static void check_taken(int (*take_number)(int number)) {
    if (!is_told_unasked()) {
        skip("the system tells nothing of a file without asking it");
        return;
    }
    atomic_store(&refuses_threads, true);
    const int number = discard_socket();
    close(number);
    REQUIRE(take_number(number) == number);
    atomic_store(&refuses_threads, false);
    atomic_store(&closed_count, 0);
    shs__discard_tell(count_closed);
    await_closed(discard_socket());
    shs__discard_tell(NULL);
    CHECK(fcntl(number, F_GETFD) >= 0);
    shs__fd_close(number); /* where it is the library's */
    (void)close(number);
}

static int open_own(int number) {
    const int made = open("/dev/null", O_RDONLY | O_CLOEXEC);
    CHECK(made == number || dup2(made, number) == number);
    if (made != number) close(made);
    return number;
}

static void a_number_of_the_programs(void) { check_taken(open_own); }

static int open_of_the_library(int number) {
    (void)number;
    return shs__fd_open(AT_FDCWD, "/dev/null", O_RDONLY);
}

static void a_number_of_the_librarys(void) { check_taken(open_of_the_library); }

/* A number without a note is the program's by now, and so is what no file of the library's can be. */
static void a_number_that_nobody_noted(void) {
    const int own = eventfd(0, EFD_CLOEXEC);
    shs__fd_close(own);
    CHECK(fcntl(own, F_GETFD) >= 0);
    CHECK(shs__fd_track(own) < 0 && errno == EMFILE);
    CHECK(fcntl(own, F_GETFD) >= 0);
    close(own);
}

/* ---- more than may wait ---- */

static int parcels[TOO_MANY], ends[TOO_MANY];

static void discard_too_many(void) {
    for (int i = 0; i < TOO_MANY; i++)
        parcels[i] = discard_parcel(&ends[i]);
    CHECK(!shs__discard_has_room());
}

static void let_all_end(void) {
    for (int i = 0; i < TOO_MANY; i++)
        close(ends[i]);
    slow_sockets_end();
    await_all_taken();
}

/* Nobody new is accepted, until there is room again. */
static void an_owner_with_too_many(void) {
    start_without_thread();
    discard_too_many();
    const int knocking = raw_connect(shs_self());
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK_NUMBER(0, current_context()->server->count);
    let_all_end();
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK_NUMBER(1, current_context()->server->count);
    close(knocking);
    stop_all();
}

/* What its parent waits for keeps nobody out, and does not stay. */
static void be_the_child(void) {
    shs_handle handle = 0;
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
    alarm(PATIENCE); /* nobody else ends this process when its parent was */
    for (int i = 0; i < TOO_MANY; i++) {
        while (shs__fd_is_aside(parcels[i]))
            parallel_pause();
    }
    EXPECT(shs__discard_has_room());
    stop_all();
    _exit(EXIT_SUCCESS);
}

static void a_child_of_one_who_waits(void) {
    int status = -1;
    start_without_thread();
    discard_too_many();
    const pid_t pid = fork();
    if (pid == 0) be_the_child();
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_NUMBER(0, (uint64_t)status);
    let_all_end();
    stop_all();
}

static const struct test tests[] = {
    { "no thread", no_thread },
    { "no thread for nothing", no_thread_for_nothing },
    { "no signal for the thread", no_signal },
    { "no socket holds back its end", no_socket_holds_back_its_end },
    { "a listener that cannot be emptied", a_listener_that_cannot_be_emptied },
    { "who sets aside keeps its signals", who_sets_aside_keeps_its_signals },
    { "a number of the program's by now", a_number_of_the_programs },
    { "a number of the library's by now", a_number_of_the_librarys },
    { "a number that nobody noted", a_number_that_nobody_noted },
    { "an owner with too many", an_owner_with_too_many },
    { "a child of one who waits", a_child_of_one_who_waits },
};

SUITE("set_aside", tests)
