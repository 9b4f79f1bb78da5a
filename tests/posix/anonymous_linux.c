/*
 * Applications that close every descriptor that they did not open, and then open such as have no file of their own
 * behind them: all eventfds, epolls, timers, watches and signal queues of a system share one inode.
 *
 * They get the numbers that the library had. Nothing tells them from one another but what they do; the library neither
 * closes nor uses any of them, in a forked child neither.
 */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "close_others.h"
#include "forked.h"
#include "kernel.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/suite.h"
#include "support/system.h"

#define TRIES 2000
#define MARK 4711u

/* One kind of descriptor: made so that it holds something, and asked whether it still does. */
struct kind {
    int (*open)(int given);
    bool (*holds)(int fd);
};

/* ---- the kinds ---- */

static int open_counter(int given) {
    (void)given;
    return eventfd(MARK, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* The count is as it was set, and can be set again. */
static bool counter_holds(int fd) {
    eventfd_t count = 0;
    return eventfd_read(fd, &count) == 0 && count == MARK && eventfd_write(fd, MARK) == 0;
}

/* It watches what is given, which is readable, and says so once. */
static int open_poller(int given) {
    const int fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u32 = MARK };
    EXPECT(epoll_ctl(fd, EPOLL_CTL_ADD, given, &event) == 0);
    return fd;
}

static bool poller_holds(int fd) {
    struct epoll_event event = { .events = 0 };
    return epoll_wait(fd, &event, 1, 0) == 1 && event.data.u32 == MARK;
}

static int open_timer(int given) {
    const struct itimerspec soon = { .it_value = { .tv_nsec = 1 } };
    (void)given;
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    EXPECT(timerfd_settime(fd, 0, &soon, NULL) == 0);
    return fd;
}

/* It has run out, once, and nobody has taken notice. */
static bool timer_holds(int fd) {
    uint64_t times = 0;
    return read(fd, &times, sizeof times) == (ssize_t)sizeof times && times == 1;
}

/* Of these a user may have few, whatever else runs on the machine: all numbers of a process stand for one. */
static int open_watch(int given) {
    static int first = -1;
    (void)given;
    if (first >= 0) return dup(first);
    first = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    EXPECT(inotify_add_watch(first, "/", IN_DELETE_SELF) > 0);
    return first;
}

static bool watch_holds(int fd) { return inotify_add_watch(fd, "/", IN_DELETE_SELF) == 1; }

static int open_signals(int given) {
    sigset_t set;
    (void)given;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* It can be set again, as only one of its kind can. */
static bool signals_hold(int fd) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return signalfd(fd, &set, 0) == fd;
}

/* ---- the application ---- */

struct application {
    shs_pid parent;
    const struct kind *kind;
    void (*child)(int channel, void *context);
    int given; /* readable at all times */
    int own[NUMBERS];
};

static void open_own(struct application *application) {
    application->given = open_counter(-1);
    for (int i = 0; i < NUMBERS; i++) {
        application->own[i] = application->kind->open(application->given);
        EXPECT(application->own[i] >= 0);
    }
}

static void close_own(const struct application *application) {
    for (int i = 0; i < NUMBERS; i++)
        EXPECT(close(application->own[i]) == 0);
    EXPECT(close(application->given) == 0);
}

static void check_own(const struct application *application) {
    EXPECT(counter_holds(application->given));
    for (int i = 0; i < NUMBERS; i++)
        EXPECT(application->kind->holds(application->own[i]));
}

/* A child has copies, which share what they hold with its parent's: only one of the two looks at it. */
static void check_after_the_first_call(int channel, void *context) {
    (void)channel;
    shs_self();
    check_own(context);
    close_own(context);
}

static void check_without_a_call(int channel, void *context) {
    (void)channel;
    check_own(context);
    close_own(context);
}

static void leave_alone(int channel, void *context) {
    (void)channel;
    close_own(context);
    shs_self();
}

static shs_handle be_busy(shs_pid parent) {
    shs_handle handle = 0;
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, parent, &handle));
    return handle;
}

/* The library stands again when the parent can reach it; until then it has looked at every number that it had. */
static void stand_again(int channel, void *context) {
    struct application *application = context;
    const shs_handle given = be_busy(application->parent);
    close_others(channel);
    open_own(application);
    forked_tell(channel, 1);
    EXPECT(forked_hear(channel) == 2);
    EXPECT_STATUS(SHS_OK, shs_probe(application->parent));
    EXPECT_STATUS(SHS_OK, shs_free(given, application->parent));
    EXPECT(forked_run(leave_alone, application) == 0);
    stop_all();
    check_own(application);
    close_own(application);
}

static void reached_again(const struct forked *child) {
    shs_status status = SHS_E_NOT_ATTACHED;
    for (int tries = 0; tries < TRIES && status != SHS_OK; tries++) {
        status = shs_probe((shs_pid)child->pid);
        if (status != SHS_OK) usleep(10000);
    }
    CHECK_STATUS(SHS_OK, status);
}

static const struct kind kinds[] = {
    { open_counter, counter_holds }, { open_poller, poller_holds },  { open_timer, timer_holds },
    { open_watch, watch_holds },     { open_signals, signals_hold },
};

struct cast {
    struct application applications[LENGTH(kinds)];
    struct forked children[LENGTH(kinds)];
};

/* One application for each kind, all at once: each takes its time. */
static void start_all(struct cast *cast, void (*body)(int channel, void *context),
                      void (*child)(int channel, void *context)) {
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        cast->applications[i] = (struct application){ .parent = shs_self(), .kind = &kinds[i], .child = child };
        cast->children[i] = forked_start(fork, body, &cast->applications[i]);
    }
}

static void end_all(struct cast *cast) {
    for (size_t i = 0; i < LENGTH(kinds); i++)
        CHECK_NUMBER(0, (uint64_t)forked_wait(&cast->children[i]));
}

/* Where the library polls a list by itself, the thread that serves wakes at the first of its own that is closed, and
 * may open others while the application closes. */
static bool is_at_rest_while_it_closes(void) { return system_polls_in_the_kernel() && kernel_sets_signals_anew(); }

static void it_stands_again(void) {
    struct cast cast;
    if (!is_at_rest_while_it_closes()) return;
    start_all(&cast, stand_again, NULL);
    for (size_t i = 0; i < LENGTH(kinds); i++)
        CHECK_NUMBER(1, forked_hear(cast.children[i].channel));
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        reached_again(&cast.children[i]);
        forked_tell(cast.children[i].channel, 2);
    }
    end_all(&cast);
}

/* It is stopped, or ends, before it has noticed. */
static void stop_at_once(int channel, void *context) {
    struct application *application = context;
    be_busy(application->parent);
    close_others(channel);
    open_own(application);
    stop_all();
    check_own(application);
    close_own(application);
}

static void it_is_stopped(void) {
    struct cast cast;
    if (!is_at_rest_while_it_closes()) return;
    start_all(&cast, stop_at_once, NULL);
    end_all(&cast);
}

/* A child of such an application, before the library has noticed anything. */
static void fork_at_once(int channel, void *context) {
    struct application *application = context;
    be_busy(application->parent);
    close_others(channel);
    open_own(application);
    EXPECT(forked_run(application->child, application) == 0);
}

static void it_forks(void) {
    struct cast silent, calling;
    if (!is_at_rest_while_it_closes()) return;
    start_all(&silent, fork_at_once, check_without_a_call);
    start_all(&calling, fork_at_once, check_after_the_first_call);
    end_all(&silent);
    end_all(&calling);
}

static const struct test tests[] = {
    { "the library stands again", it_stands_again },
    { "the library is stopped", it_is_stopped },
    { "the application forks", it_forks },
};

SUITE("anonymous", tests)
