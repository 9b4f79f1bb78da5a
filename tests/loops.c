/*
 * Applications that serve from their own event loop: shs_poll_fd() and shs_dispatch() instead of a thread.
 *
 * An actor that was started this way watches the descriptor while it waits for commands.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/leaks.h"
#include "support/suite.h"

static bool serves_from_loops(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    const shs_status status = shs_start(&options);
    shs_stop();
    if (status == SHS_E_UNSUPPORTED) skip("this system needs no service");
    return status != SHS_E_UNSUPPORTED;
}

static struct child *loop_start(void) {
    struct child *actor = actor_start();
    const struct actor_request start = { .command = ACTOR_START, .number = SHS_SERVE_APPLICATION, .size = 60000 };
    REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(actor, start).status);
    return actor;
}

static void a_loop_answers(void) {
    if (!serves_from_loops()) return;
    struct child *owner = loop_start();
    const shs_pid pid = child_pid(owner);
    for (uint32_t i = 0; i < 50; i++) {
        const shs_handle handle = block_new(i, 1000, pid);
        CHECK(actor_sees(owner, handle, pid, i, 1000));
        CHECK(block_holds(handle, pid, i, 1000));
        CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    }
    actor_end(owner);
}

/* Both wait for each other's answer at once, many times: each must answer while it waits. */
static void two_loops_call_each_other(void) {
    if (!serves_from_loops()) return;
    struct child *actors[2] = { loop_start(), loop_start() };
    for (uint32_t round = 0; round < 200; round++) {
        for (size_t i = 0; i < 2; i++) {
            actor_tell(actors[i], (struct actor_request){ .command = round % 2 == 0 ? ACTOR_PROBE : ACTOR_LIST,
                                                          .pid = child_pid(actors[1 - i]) });
        }
        for (size_t i = 0; i < 2; i++) {
            CHECK_STATUS(SHS_OK, (shs_status)actor_hear(actors[i]).status);
        }
    }
    actor_end(actors[0]);
    actor_end(actors[1]);
}

static void two_loops_give_to_each_other(void) {
    if (!serves_from_loops()) return;
    struct child *actors[2] = { loop_start(), loop_start() };
    for (uint32_t round = 0; round < 50; round++) {
        for (size_t i = 0; i < 2; i++) {
            actor_tell(actors[i], (struct actor_request){ .command = ACTOR_ALLOC,
                                                          .number = round + 1,
                                                          .size = 100000 + round,
                                                          .pid = child_pid(actors[1 - i]) });
        }
        const struct actor_reply replies[2] = { actor_hear(actors[0]), actor_hear(actors[1]) };
        for (size_t i = 0; i < 2; i++) {
            const shs_pid pid = child_pid(actors[1 - i]);
            CHECK_STATUS(SHS_OK, (shs_status)replies[i].status);
            CHECK(actor_sees(actors[1 - i], replies[i].handle, pid, round + 1, 100000 + round));
            CHECK_STATUS(SHS_OK, actor_free(actors[i], replies[i].handle, pid));
        }
    }
    actor_end(actors[0]);
    actor_end(actors[1]);
}

static void this_process_serves_itself(void) {
    if (!serves_from_loops()) return;
    struct child *other = actor_start_attached();
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK(shs_poll_fd() >= 0);
    CHECK_STATUS(SHS_OK, shs_dispatch());
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(other)));
    shs_stop();
    CHECK(shs_poll_fd() == -1);
    actor_end(other);
}

static void an_application_that_does_not_serve(void) {
    if (!serves_from_loops()) return;
    struct child *other = actor_start();
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const struct actor_request start = { .command = ACTOR_START, .size = 200 };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, start).status);
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = shs_self() };
    CHECK_STATUS(SHS_E_TIMEOUT, (shs_status)actor_ask(other, probe).status);
    actor_end(other);
}

static void serve_by(shs_service service) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = service;
    CHECK_STATUS(SHS_OK, shs_start(&options));
}

/* Another process gives a block, which is freed; then the connection that it came by ends. */
static void receive_and_change(struct child *giver) {
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 1, 100, shs_self(), &handle));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    serve_by(SHS_SERVE_APPLICATION);
    serve_by(SHS_SERVE_THREAD);
}

static void changing_who_serves_keeps_nothing(void) {
    if (!serves_from_loops()) return;
    struct child *giver = actor_start();
    struct leaks before;
    char left[256];
    serve_by(SHS_SERVE_THREAD);
    receive_and_change(giver);
    leaks_measure(&before);
    for (int round = 0; round < 5; round++) {
        receive_and_change(giver);
    }
    CHECK(leaks_fall_to(&before, left, sizeof left));
    actor_end(giver);
}

static void a_loop_that_was_killed_is_gone(void) {
    if (!serves_from_loops()) return;
    struct child *owner = loop_start();
    const shs_pid pid = child_pid(owner);
    shs_handle handle = block_new(1, 100, pid);
    CHECK(block_holds(handle, pid, 1, 100));
    actor_kill(owner);
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_alloc(NULL, 100, pid, &handle));
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(handle, pid));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_probe(pid));
}

static const struct test tests[] = {
    { "an owner that serves from its loop is answered for", a_loop_answers },
    { "two loops call each other", two_loops_call_each_other },
    { "two loops give to each other", two_loops_give_to_each_other },
    { "this process serves from its loop", this_process_serves_itself },
    { "an owner that served from its loop was killed", a_loop_that_was_killed_is_gone },
    { "an application that does not serve costs a time limit", an_application_that_does_not_serve },
    { "changing who serves keeps nothing of what was given", changing_who_serves_keeps_nothing },
};

SUITE("loops", tests)
