/*
 * Who answers for this process while that changes: a change without descriptors, and an application that dispatches too
 * late; and that the endpoint comes back, whoever serves and whatever failed. The linker leads the server's watching
 * here, to fail when the test wants.
 */
#include <errno.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "server/server.h"
#include "state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"

#define TRIES 300
#define LONG_MILLISECONDS 100000 /* less than the time limit of a test, more than any round */

static atomic_int failing; /* watches of the listener that fail from now on */

bool __real_shs__poller_watch(int poller, int fd, void *tag);
bool __wrap_shs__poller_watch(int poller, int fd, void *tag);

bool __wrap_shs__poller_watch(int poller, int fd, void *tag) {
    const struct context *context = current_context();
    if (context == NULL || tag != &context->endpoint || atomic_load(&failing) == 0)
        return __real_shs__poller_watch(poller, fd, tag);
    atomic_fetch_sub(&failing, 1);
    errno = ENOMEM;
    return false;
}

static shs_status serve_by(shs_service service) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = service;
    return shs_start(&options);
}

/* In a process of its own, as its limit is lowered. */
static int changing_role(char **arguments) {
    struct rlimit limit;
    (void)arguments;
    EXPECT_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlim_t plenty = limit.rlim_cur;
    limit.rlim_cur = 3;
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_STATUS(SHS_OK, serve_by(SHS_SERVE_APPLICATION));
    EXPECT(shs_poll_fd() >= 0);
    EXPECT_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    limit.rlim_cur = plenty;
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
    EXPECT(shs_poll_fd() == -1);
    return EXIT_SUCCESS;
}

static void a_change_needs_no_descriptor(void) {
    struct child *child = child_start("changing", (const char *const[]){ NULL });
    REQUIRE(child != NULL);
    CHECK_NUMBER(0, (uint64_t)child_wait(child));
}

/* A call that waits took the application for the one that serves, and dispatches when a thread serves already. */
static void a_late_dispatch_leaves_the_thread_alone(void) {
    struct child *other = actor_start();
    REQUIRE_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = shs_self() };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, probe).status); /* the thread runs */
    struct context *context = current_context();
    const struct thread *dispatcher = context->server->dispatcher;
    shs__server_dispatch(context);
    CHECK(context->server->dispatcher == dispatcher);
    CHECK(dispatcher != shs__thread_current);
    actor_end(other);
}

/* A thread for a while, and from then on an application that is long about something else. */
static int busy_role(char **arguments) {
    char word = 0;
    (void)arguments;
    EXPECT_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    EXPECT(parent_send(&word, sizeof word) && parent_receive(&word, sizeof word));
    EXPECT_STATUS(SHS_OK, serve_by(SHS_SERVE_APPLICATION));
    EXPECT(parent_send(&word, sizeof word));
    (void)parent_receive(&word, sizeof word);
    return EXIT_SUCCESS;
}

/* The end of the thread is not the end of the process: what is known of it is good, and needs no answer. */
static void a_change_is_no_end(void) {
    char word = 0;
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *owner = child_start("busy", (const char *const[]){ NULL });
    REQUIRE(owner != NULL && child_receive(owner, &word, sizeof word));
    const shs_handle handle = block_new(1, 100, child_pid(owner));
    CHECK(child_send(owner, &word, sizeof word) && child_receive(owner, &word, sizeof word));
    options.timeout_ms = 300; /* nobody answers */
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK(block_holds(handle, child_pid(owner), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
    CHECK(child_send(owner, &word, sizeof word));
    CHECK_NUMBER(0, (uint64_t)child_wait(owner));
}

/* ---- the endpoint comes back ---- */

/* Another process reaches this one, in time. */
static void check_reached(void) {
    struct child *other = actor_start();
    const struct actor_request start = { .command = ACTOR_START, .size = 100 };
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = shs_self() };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, start).status);
    shs_status status = SHS_E_NOT_ATTACHED;
    for (int tries = 0; tries < TRIES && status != SHS_OK; tries++) {
        status = (shs_status)actor_ask(other, probe).status;
        if (status != SHS_OK) usleep(50000);
    }
    CHECK_STATUS(SHS_OK, status);
    actor_end(other);
}

static void a_failed_watch_is_made_up_for(void) {
    CHECK_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    atomic_store(&failing, 2);
    sandbox_empty(); /* so that it publishes itself again */
    check_reached();
    CHECK(atomic_load(&failing) == 0);
}

static void a_failed_watch_fails_a_start(void) {
    atomic_store(&failing, 1);
    CHECK_STATUS(SHS_E_NO_MEMORY, serve_by(SHS_SERVE_THREAD));
    CHECK_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    check_reached();
}

/* As an application does that closes descriptors that it did not open. */
static void close_poller(void) {
    const struct server *server = current_context()->server;
    if (server->timer >= 0) CHECK(close(server->timer) == 0);
    CHECK(close(server->poller) == 0);
}

/* An application that asks for the descriptor before each wait, and dispatches only when it is readable. The number is
 * something else by then. */
static void a_lost_poll_descriptor_is_replaced(void) {
    CHECK_STATUS(SHS_OK, serve_by(SHS_SERVE_APPLICATION));
    const int lost = shs_poll_fd();
    close_poller();
    CHECK(dup2(STDERR_FILENO, lost) == lost);
    errno = ERANGE;
    struct pollfd watched = { .fd = shs_poll_fd(), .events = POLLIN };
    CHECK(errno == ERANGE);
    CHECK(watched.fd >= 0 && watched.fd != lost);
    CHECK(close(lost) == 0);
    CHECK(poll(&watched, 1, 0) >= 0 && (watched.revents & POLLNVAL) == 0);
}

/* The first attempts to begin anew fail. */
static void a_failed_rebuilding_is_made_up_for(void) {
    CHECK_STATUS(SHS_OK, serve_by(SHS_SERVE_APPLICATION));
    atomic_store(&failing, 2);
    close_poller();
    errno = ERANGE;
    for (int tries = 0; tries < 5; tries++)
        CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK(errno == ERANGE);
    CHECK(atomic_load(&failing) == 0);
    CHECK(shs_poll_fd() >= 0);
    CHECK_STATUS(SHS_OK, serve_by(SHS_SERVE_THREAD));
    check_reached();
}

static bool is_published(void) {
    char pattern[300];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*/%u", sandbox_path(), (unsigned)shs_self());
    const bool is_there = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return is_there;
}

/* Nobody asks anything, and yet its loop is woken: for housekeeping, once for each round. */
static void a_loop_is_woken_for_what_is_due(void) {
    if (!system_wakes_loops()) return;
    CHECK_STATUS(SHS_OK, serve_by(SHS_SERVE_APPLICATION));
    sandbox_empty();
    CHECK(!is_published());
    for (int round = 0; round < 3 && !is_published(); round++) {
        struct pollfd watched = { .fd = shs_poll_fd(), .events = POLLIN };
        REQUIRE(poll(&watched, 1, LONG_MILLISECONDS) == 1);
        CHECK_STATUS(SHS_OK, shs_dispatch());
    }
    CHECK(is_published());
}

static const struct test tests[] = {
    { "a change of who serves needs no descriptor", a_change_needs_no_descriptor },
    { "a change of who serves is no end", a_change_is_no_end },
    { "a late dispatch leaves the service thread alone", a_late_dispatch_leaves_the_thread_alone },
    { "a failed watch is made up for", a_failed_watch_is_made_up_for },
    { "a failed watch fails a start", a_failed_watch_fails_a_start },
    { "a lost poll descriptor is replaced", a_lost_poll_descriptor_is_replaced },
    { "a failed rebuilding is made up for", a_failed_rebuilding_is_made_up_for },
    { "a loop is woken for what is due", a_loop_is_woken_for_what_is_due },
};

static const struct role roles[] = {
    { "changing", changing_role },
    { "busy", busy_role },
};

SUITE_WITH_ROLES("service", tests, roles, LENGTH(roles))
