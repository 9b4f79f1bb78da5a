/*
 * Who answers for this process while that changes: a change without descriptors, and an application that dispatches too
 * late.
 */
#include <stdlib.h>
#include <sys/resource.h>

#include "server/server.h"
#include "state/context.h"
#include "support/actor.h"
#include "support/expect.h"
#include "support/suite.h"

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

static const struct test tests[] = {
    { "a change of who serves needs no descriptor", a_change_needs_no_descriptor },
    { "a late dispatch leaves the service thread alone", a_late_dispatch_leaves_the_thread_alone },
};

static const struct role roles[] = {
    { "changing", changing_role },
};

SUITE_WITH_ROLES("service", tests, roles, LENGTH(roles))
