/*
 * Owners that end or do not answer: what the others are told, and that it never takes them along.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/leaks.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

/* Short, so that the suite is quick; no test measures it. */
#define TIMEOUT_MS 300
#define GIFTS 20u

static void start_impatient(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = TIMEOUT_MS;
    CHECK_STATUS(SHS_OK, shs_start(&options));
}

/* Of the size that this process has memory for, there: nothing else needs the owner less. */
static shs_status try_alloc(shs_handle handle, shs_pid pid) {
    (void)handle;
    return shs_alloc(NULL, 100, pid, &handle);
}

static shs_status try_alloc_large(shs_handle handle, shs_pid pid) { return shs_alloc(NULL, MIB, pid, &handle); }

static shs_status try_map(shs_handle handle, shs_pid pid) {
    shs_handle other = 0;
    return shs_map_handle(handle, pid, shs_self(), SHS_READ, &other);
}

static shs_status try_list(shs_handle handle, shs_pid pid) {
    size_t count = 0;
    (void)handle;
    return shs_list(pid, NULL, 0, &count);
}

static shs_status try_probe(shs_handle handle, shs_pid pid) {
    (void)handle;
    return shs_probe(pid);
}

/* Every call that names a process. */
static shs_status (*const calls[])(shs_handle handle, shs_pid pid) = { try_alloc, try_alloc_large, block_status,
                                                                       shs_free,  try_map,         try_list,
                                                                       try_probe };

static void check_no_process(shs_handle handle, shs_pid pid) {
    for (size_t i = 0; i < LENGTH(calls); i++) {
        CHECK_STATUS(SHS_E_NO_PROCESS, calls[i](handle, pid));
    }
}

static void views_outlive(void (*end)(struct child *)) {
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct child *owner = actor_start_attached();
        const shs_pid pid = child_pid(owner);
        const shs_handle handle = block_new(1, sizes[i], pid);
        char *view = block_lock(handle, pid, SHS_READ_WRITE);
        end(owner);
        check_no_process(handle, pid);
        CHECK(pattern_matches(view, sizes[i], 1));
        pattern_fill(view, sizes[i], 2);
        CHECK(pattern_matches(view, sizes[i], 2));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(view));
    }
}

static void views_outlive_a_killed_owner(void) { views_outlive(actor_kill); }

static void views_outlive_an_owner_that_ends(void) { views_outlive(actor_end); }

/* Killed at a moment when this process knows it well. Each call is the first that could notice. */
static void a_killed_owner_is_gone_at_once(void) {
    for (size_t i = 0; i < 5 * LENGTH(calls); i++) {
        struct child *owner = actor_start_attached();
        const shs_pid pid = child_pid(owner);
        const shs_handle handle = block_new(1, 100, pid);
        CHECK(block_holds(handle, pid, 1, 100));
        CHECK_STATUS(SHS_OK, shs_free(block_new(1, MIB, pid), pid));
        actor_kill(owner);
        CHECK_STATUS(SHS_E_NO_PROCESS, calls[i % LENGTH(calls)](handle, pid));
        check_no_process(handle, pid);
    }
}

static void map_from_a_killed_owner_lives_on(void) {
    struct child *from = actor_start_attached();
    struct child *to = actor_start_attached();
    shs_handle second = 0;
    const shs_handle first = block_new(1, 9 * KIB, child_pid(from));
    REQUIRE_STATUS(SHS_OK, shs_map_handle(first, child_pid(from), child_pid(to), SHS_READ_WRITE, &second));
    actor_kill(from);
    CHECK(actor_sees(to, second, child_pid(to), 1, 9 * KIB));
    CHECK(block_holds(second, child_pid(to), 1, 9 * KIB));
    actor_end(to);
}

static void an_owner_that_stopped_takes_nothing(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    const shs_handle handle = block_new(1, 100, pid);
    CHECK(block_holds(handle, pid, 1, 100));
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, (struct actor_request){ .command = ACTOR_STOP }).status);
    CHECK(block_status(handle, pid) != SHS_OK);
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, (struct actor_request){ .command = ACTOR_START }).status);
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK_STATUS(SHS_E_HANDLE, block_status(handle, pid));
    const shs_handle next = block_new(2, 100, pid);
    CHECK(actor_sees(owner, next, pid, 2, 100));
    actor_end(owner);
}

static void check_times_out(struct child *held, shs_handle unknown) {
    const shs_pid pid = child_pid(held);
    shs_handle other = 0;
    size_t count = 0;
    void *view = NULL;
    CHECK_STATUS(SHS_E_TIMEOUT, block_status(unknown, pid));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_list(pid, NULL, 0, &count));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_map_handle(unknown, pid, shs_self(), SHS_READ, &other));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_alloc(NULL, 20 * MIB, pid, &other));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_alloc_locked(20 * MIB, pid, &other, &view));
}

/* Nobody answers, and nobody waits for long. What was locked before needs no answer. */
static void a_held_owner_costs_a_time_limit(void) {
    if (!system_asks_owners() || !actors_can_be_held()) return;
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    shs_handle unknown = 0;
    start_impatient();
    const shs_handle known = block_new(1, 100, pid);
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 2, 100, pid, &unknown));
    CHECK(block_holds(known, pid, 1, 100));
    REQUIRE(child_pause(owner));
    CHECK(block_holds(known, pid, 1, 100));
    check_times_out(owner, unknown);
    CHECK(block_holds(known, pid, 1, 100));
    CHECK(child_resume(owner));
    CHECK(block_holds(unknown, pid, 2, 100));
    actor_end(owner);
}

/* It never answered at all: the connection itself is not taken. */
static void a_held_stranger_costs_a_time_limit(void) {
    if (!system_asks_owners() || !actors_can_be_held()) return;
    struct child *owner = actor_start_attached();
    shs_handle handle = 0;
    start_impatient();
    REQUIRE(child_pause(owner));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_probe(child_pid(owner)));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_alloc("x", 1, child_pid(owner), &handle));
    CHECK(child_resume(owner));
    CHECK_STATUS(SHS_OK, shs_alloc("x", 1, child_pid(owner), &handle));
    actor_end(owner);
}

static void a_held_owner_can_be_killed(void) {
    if (!actors_can_be_held()) return;
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    const shs_handle handle = block_new(1, 100, pid);
    REQUIRE(child_pause(owner));
    actor_kill(owner);
    check_no_process(handle, pid);
}

/* A second handle that was made too late: nobody was told of it, so it is closed again. */
static void a_late_second_handle_is_closed(void) {
    if (!system_asks_owners() || !actors_can_be_held()) return;
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    const shs_handle own = block_new(1, 100, shs_self());
    shs_handle late = 0;
    size_t count = 1;
    start_impatient();
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    REQUIRE(child_pause(owner));
    CHECK_STATUS(SHS_E_TIMEOUT, checked_map_handle(own, shs_self(), pid, SHS_READ, &late));
    CHECK(child_resume(owner));
    while (shs_probe(pid) != SHS_OK) { /* or the test's time limit comes */
    }
    CHECK_NUMBER(0, late);
    CHECK_STATUS(SHS_OK, shs_probe(pid)); /* all that was told before has been heard */
    CHECK_STATUS(SHS_OK, shs_list(pid, NULL, 0, &count));
    CHECK_NUMBER(0, count);
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    actor_end(owner);
}

/* A giver may give more than it could have open; so may one of large blocks, each of which has memory of its own. */
static void what_was_given_is_not_kept_open(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    shs_handle handles[GIFTS];
    struct leaks before, after;
    handles[0] = block_new(1, MIB, pid);
    leaks_measure(&before);
    for (uint32_t i = 1; i < GIFTS; i++)
        handles[i] = block_new(1, MIB, pid);
    leaks_measure(&after);
    CHECK(after.descriptors < before.descriptors + GIFTS / 2);
    for (uint32_t i = 0; i < GIFTS; i++)
        CHECK_STATUS(SHS_OK, shs_free(handles[i], pid));
    actor_end(owner);
}

static const struct test tests[] = {
    { "views outlive an owner that was killed", views_outlive_a_killed_owner },
    { "views outlive an owner that ends", views_outlive_an_owner_that_ends },
    { "a killed owner is gone at once", a_killed_owner_is_gone_at_once },
    { "what was mapped from a killed owner lives on", map_from_a_killed_owner_lives_on },
    { "an owner that stopped the library takes nothing", an_owner_that_stopped_takes_nothing },
    { "a held owner costs its callers a time limit", a_held_owner_costs_a_time_limit },
    { "a held process that nobody knows yet costs a time limit", a_held_stranger_costs_a_time_limit },
    { "a late second handle is closed", a_late_second_handle_is_closed },
    { "a held owner can be killed", a_held_owner_can_be_killed },
    { "what was given is not kept open", what_was_given_is_not_kept_open },
};

SUITE("owners", tests)
