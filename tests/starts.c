/*
 * How often the library was started: shs_start() and shs_stop() are counted, so that parts of a program that know
 * nothing of each other can use it.
 *
 * That it was stopped shows in the handles of this process, which end with the last stop.
 */
#include <stdlib.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/suite.h"

static bool lives(shs_handle handle) { return block_status(handle, shs_self()) == SHS_OK; }

static void every_start_is_given_back(void) {
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(SHS_OK, shs_start(NULL));
    const shs_handle handle = block_new(1, 100, shs_self());
    for (int i = 0; i < 2; i++) {
        shs_stop();
        CHECK(lives(handle));
    }
    shs_stop();
    CHECK(!lives(handle));
}

static void a_call_counts_as_one_start(void) {
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
    shs_stop();
    CHECK(!lives(handle));
}

/* A host that only makes calls, and a part of it that starts and stops the library for itself. */
static void a_plugin_leaves_its_host_alone(void) {
    struct child *other = actor_start_attached();
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    shs_stop();
    CHECK(lives(handle));
    CHECK(actor_sees(other, handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    actor_end(other);
}

static void nothing_is_stopped_that_was_not_started(void) {
    for (int i = 0; i < 3; i++)
        shs_stop();
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    const shs_handle handle = block_new(1, 100, shs_self());
    shs_stop();
    CHECK(!lives(handle));
    shs_stop(); /* the look at it was a call */
    shs_stop();
    const shs_handle next = block_new(1, 100, shs_self());
    CHECK(lives(next));
    shs_stop();
    CHECK(!lives(next));
}

static void a_start_that_fails_does_not_count(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    const shs_handle handle = block_new(1, 100, shs_self());
    options.size = 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    shs_stop();
    CHECK(!lives(handle));
}

/* Each start tidies up after processes that have ended, and meets others that do so. */
static int starting_role(char **arguments) {
    (void)arguments;
    for (int i = 0; i < 200; i++) {
        EXPECT_STATUS(SHS_OK, shs_start(NULL));
        shs_stop();
    }
    return EXIT_SUCCESS;
}

static void many_start_at_once(void) {
    struct child *children[8];
    for (size_t i = 0; i < LENGTH(children); i++)
        children[i] = child_start("starting", (const char *const[]){ NULL });
    for (size_t i = 0; i < LENGTH(children); i++)
        CHECK(child_wait(children[i]) == EXIT_SUCCESS);
}

/* Both are seen at once: an address that was given back can be the next one's. */
static bool two_blocks_share_a_page(void) {
    const shs_pid self = shs_self();
    const shs_handle handles[] = { block_new(1, 100, self), block_new(2, 100, self) };
    void *const views[] = { block_lock(handles[0], self, SHS_READ), block_lock(handles[1], self, SHS_READ) };
    for (size_t i = 0; i < LENGTH(views); i++) {
        CHECK_STATUS(SHS_OK, shs_unlock(views[i]));
        CHECK_STATUS(SHS_OK, shs_free(handles[i], self));
    }
    return (uintptr_t)views[0] / 4096 == (uintptr_t)views[1] / 4096;
}

/* What was set stays with every further start, and goes with the last stop. */
static void options_stay_until_the_last_stop(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct shs_options others = SHS_OPTIONS_INIT;
    const bool shared = two_blocks_share_a_page();
    stop_all();
    options.own_pages = 1;
    others.timeout_ms = 1000;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_OK, shs_start(&others));
    CHECK(!two_blocks_share_a_page());
    shs_stop();
    shs_stop();
    CHECK(!two_blocks_share_a_page());
    shs_stop();
    CHECK(two_blocks_share_a_page() == shared);
}

static void who_serves_stays_for_those_who_do_not_say(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    const shs_status status = shs_start(&options);
    if (status == SHS_E_UNSUPPORTED) {
        skip("this system needs no service");
        return;
    }
    const int watched = shs_poll_fd();
    CHECK(watched >= 0);
    options = (struct shs_options)SHS_OPTIONS_INIT;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK(shs_poll_fd() == watched);
    shs_stop();
    shs_stop();
    CHECK(shs_poll_fd() == watched);
    shs_stop();
    CHECK(shs_poll_fd() == -1);
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
    CHECK(shs_poll_fd() == -1); /* a thread again, as by default */
}

static const struct test tests[] = {
    { "every start is given back", every_start_is_given_back },
    { "a call counts as one start", a_call_counts_as_one_start },
    { "a plugin leaves its host alone", a_plugin_leaves_its_host_alone },
    { "nothing is stopped that was not started", nothing_is_stopped_that_was_not_started },
    { "a start that fails does not count", a_start_that_fails_does_not_count },
    { "options stay until the last stop", options_stay_until_the_last_stop },
    { "who serves stays for those who do not say", who_serves_stays_for_those_who_do_not_say },
    { "many start at once", many_start_at_once },
};

static const struct role roles[] = { { "starting", starting_role } };

SUITE_WITH_ROLES("starts", tests, roles, LENGTH(roles))
