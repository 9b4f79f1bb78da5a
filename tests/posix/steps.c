/*
 * A crash at any instruction: one of the three processes is killed at each point of a call, one point after the other,
 * and the other two find everything in order.
 *
 * The calls that need no system call are cut at every instruction; those that talk to another process before and after
 * every system call, as nobody else sees what lies between. A sweep visits its points in an order that covers the call
 * more and more finely, and ends when all were visited or its time is up; a line says how many were. The test process
 * is always one of those that live on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel.h"
#include "posix/state/context.h"
#include "posix/state/peer_call.h"
#include "posix/state/trim.h"
#include "stepper.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/leaks.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/suite.h"
#include "victim.h"

#define SMALL 64u
#define LARGE 200000u
#define SECONDS_VARIABLE "SHSHARED_SWEEP_SECONDS"
#define SECONDS 0.25 /* for one sweep, unless the variable says otherwise; a slow machine visits fewer points */
#define POINTS_LEAST 4
#define MOST_LISTED 16
#define NEVER_GIVEN 4u
#define SETTLE_ROUNDS 2000

/* Who is killed, in what, and how it is cut. */
struct scenario {
    const char *call;
    void (*set)(const struct scenario *scenario);
    void (*check)(const struct scenario *scenario);
    enum step step;
    size_t size;
};

static struct child *victim, *other; /* other: an actor that lives on */
static shs_pid dead;                 /* the victim's pid */
static struct victim_task task;

/* ---- before the victim's call ---- */

static shs_pid begin(const struct scenario *scenario) {
    victim = child_start("victim", (const char *const[]){ scenario->call, NULL });
    REQUIRE(victim != NULL);
    REQUIRE(child_receive(victim, &dead, sizeof dead));
    return dead;
}

static void prepare(const struct scenario *scenario, shs_pid owner, shs_handle handle) {
    task = (struct victim_task){ .owner = owner, .handle = handle, .to = shs_self(), .size = scenario->size };
    REQUIRE(child_send(victim, &task, sizeof task));
    REQUIRE(child_receive(victim, &task, sizeof task));
}

/* The victim allocates in this process, and makes its first block itself. */
static void set_allocator(const struct scenario *scenario) {
    begin(scenario);
    prepare(scenario, shs_self(), 0);
}

/* This process has given the victim a block. */
static void set_owner(const struct scenario *scenario) {
    const shs_pid pid = begin(scenario);
    prepare(scenario, pid, block_new(PATTERN_BEFORE, scenario->size, pid));
}

/* This process has given the actor a block, of which the victim has heard. */
static void set_third(const struct scenario *scenario) {
    begin(scenario);
    prepare(scenario, child_pid(other), block_new(PATTERN_BEFORE, scenario->size, child_pid(other)));
}

/* Nobody has given the victim anything. */
static void set_stranger(const struct scenario *scenario) { prepare(scenario, begin(scenario), NEVER_GIVEN); }

/* The actor is about to give the victim a block, and the victim serves for itself. */
static void set_serving(const struct scenario *scenario) {
    set_stranger(scenario);
    actor_tell(other, (struct actor_request){
                          .command = ACTOR_ALLOC, .number = PATTERN_MADE, .size = scenario->size, .pid = dead });
}

/* ---- after it ---- */

/* Blocks come and go between those that live, and hold what they were given. */
static void check_life_goes_on(size_t size) {
    shs_handle theirs = 0;
    const shs_pid there = child_pid(other);
    const shs_handle ours = block_new(3, size, there);
    CHECK_STATUS(SHS_OK, actor_alloc(other, 4, size, shs_self(), &theirs));
    CHECK(actor_sees(other, ours, there, 3, size));
    CHECK(block_holds(theirs, shs_self(), 4, size));
    CHECK_STATUS(SHS_OK, actor_free(other, ours, there));
    CHECK_STATUS(SHS_OK, shs_free(theirs, shs_self()));
    CHECK_STATUS(SHS_E_HANDLE, block_status(ours, there));
    CHECK_STATUS(SHS_E_HANDLE, block_status(theirs, shs_self()));
}

/* Is the block there? Only one that was about to be freed may be gone, and then for everybody. */
static bool check_is_whole(shs_handle handle, shs_pid owner, size_t size, bool may_be_gone) {
    const shs_status status = block_status(handle, owner);
    if (status == SHS_E_HANDLE && may_be_gone) {
        uint64_t view;
        CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, owner));
        CHECK_STATUS(SHS_E_HANDLE, actor_lock(other, handle, owner, SHS_READ, &view));
        return false;
    }
    CHECK(block_holds(handle, owner, PATTERN_BEFORE, size));
    CHECK(actor_sees(other, handle, owner, PATTERN_BEFORE, size));
    return true;
}

static bool is_about_to_free(const struct scenario *scenario) { return strcmp(scenario->call, "free") == 0; }

/* A block that the dead process was about to make is there as a whole, or not at all. */
static void check_own_blocks(size_t size) {
    struct shs_block_info blocks[MOST_LISTED];
    size_t count = 0;
    REQUIRE_STATUS(SHS_OK, shs_list(shs_self(), blocks, MOST_LISTED, &count));
    CHECK(count <= 1);
    for (size_t i = 0; i < count && i < MOST_LISTED; i++) {
        CHECK_NUMBER(dead, blocks[i].giver);
        CHECK_NUMBER(size, blocks[i].size);
        const bool whole =
            block_holds(blocks[i].handle, shs_self(), task.handle == 0 ? PATTERN_MADE : PATTERN_BEFORE, size);
        CHECK(whole);
        CHECK_STATUS(SHS_OK, shs_free(blocks[i].handle, shs_self()));
        CHECK_STATUS(SHS_E_HANDLE, block_status(blocks[i].handle, shs_self()));
    }
}

static void check_allocator(const struct scenario *scenario) {
    const shs_handle before = task.handle;
    if (before != 0 && check_is_whole(before, shs_self(), scenario->size, is_about_to_free(scenario))) {
        check_life_goes_on(scenario->size);
        CHECK(block_holds(before, shs_self(), PATTERN_BEFORE, scenario->size));
        CHECK_STATUS(SHS_OK, shs_free(before, shs_self()));
        CHECK_STATUS(SHS_E_HANDLE, shs_free(before, shs_self()));
    }
    task.handle = 0;
    check_own_blocks(scenario->size);
    check_life_goes_on(scenario->size);
}

static void check_owner(const struct scenario *scenario) {
    shs_handle none;
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(task.handle, dead));
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_free(task.handle, dead));
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_alloc("x", 1, dead, &none));
    check_life_goes_on(scenario->size);
}

static void check_third(const struct scenario *scenario) {
    const shs_pid owner = child_pid(other);
    const bool whole = check_is_whole(task.handle, owner, scenario->size, is_about_to_free(scenario));
    check_life_goes_on(scenario->size);
    if (whole) {
        CHECK(block_holds(task.handle, owner, PATTERN_BEFORE, scenario->size));
        CHECK_STATUS(SHS_OK, actor_free(other, task.handle, owner));
        CHECK_STATUS(SHS_E_HANDLE, shs_free(task.handle, owner));
    }
    check_own_blocks(scenario->size); /* what it was about to map here */
}

static void check_serving(const struct scenario *scenario) {
    const shs_status status = (shs_status)actor_hear(other).status;
    CHECK(status == SHS_OK || status == SHS_E_NO_PROCESS || status == SHS_E_NOT_ATTACHED);
    check_owner(scenario);
}

/* ---- sweeps ---- */

/* Where nothing can be stepped the victim ends by itself, and who asked it hears so. */
static void see_end(const struct scenario *scenario) {
    CHECK_NUMBER(EXIT_SUCCESS, (uint64_t)child_wait(victim));
    if (scenario->check == check_serving) (void)actor_hear(other);
}

/* The steps that were made, fewer than most when the call was over before. */
static long kill_after(const struct scenario *scenario, long most) {
    scenario->set(scenario);
    if (task.stepped == 0) {
        see_end(scenario);
        return 0;
    }
    const long steps = stepper_run(victim, scenario->step, most);
    actor_kill(victim);
    CHECK(steps >= 0);
    scenario->check(scenario);
    return steps;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long common_divisor(long a, long b) { return b == 0 ? a : common_divisor(b, a % b); }

/* A stride near the golden section that visits each of length points once: always about evenly spread. */
static long stride_over(long length) {
    long stride = length * 618 / 1000 + 1;
    while (common_divisor(stride, length) != 1)
        stride++;
    return stride;
}

static double budget(void) {
    const char *told = getenv(SECONDS_VARIABLE);
    return told == NULL ? SECONDS : strtod(told, NULL);
}

/* From another point each time, so that what one run has no time for is another's. */
static long visit_points(const struct scenario *scenario, long length) {
    const double begun = seconds(), end = begun + budget();
    if (length <= 0) return 0;
    const long stride = stride_over(length);
    long visited = 0, point = (long)(begun * 1e6) % length;
    while (visited < length && (visited < POINTS_LEAST || seconds() < end)) {
        const size_t failed = checks_failed();
        kill_after(scenario, point);
        if (checks_failed() > failed) printf("\nfailed when killed after %ld of %ld steps\n", point, length);
        point = (point + stride) % length;
        visited++;
    }
    return visited;
}

/* Housekeeping, without waiting for the server's turn. */
static void sweep_memory(bool give_back) {
    struct thread *thread = context_enter();
    thread_leave(thread);
    if (give_back) shs__trim_unused(thread->context);
    shs__trim_periodic(thread->context);
    shs__peers_end_dead(thread);
    shs__peers_flush(thread->context);
}

/* Everything that the dead had here comes back: what they had given at once, and what was kept for them with it. */
static bool comes_back(const struct leaks *before) {
    struct leaks now;
    bool given = false, all = false;
    for (int round = 0; round < SETTLE_ROUNDS && !all; round++) {
        sweep_memory(given);
        leaks_measure(&now);
        all = given && now.mappings <= before->mappings;
        given = given || now.descriptors <= before->descriptors;
        if (!all) parallel_pause();
    }
    return all;
}

static void sweep(const struct scenario *scenario) {
    struct leaks before;
    if (!kernel_tells_stops()) return;
    other = actor_start_attached();
    check_life_goes_on(scenario->size);
    leaks_measure(&before);
    const long length = kill_after(scenario, 1L << 24);
    if (task.stepped == 0) {
        skip("no process can be stepped here");
    } else if (CHECK(length > 0)) {
        const long visited = visit_points(scenario, length);
        printf(" %ld of %ld %s ", visited, length, scenario->step == STEP_INSTRUCTION ? "instructions" : "stops");
        if (!CHECK(comes_back(&before))) leaks_describe();
    }
    actor_end(other);
}

#define SWEEP(function, ...)                                     \
    static void function(void) {                                 \
        static const struct scenario scenario = { __VA_ARGS__ }; \
        sweep(&scenario);                                        \
    }

SWEEP(giver_in_alloc, "alloc", set_allocator, check_allocator, STEP_INSTRUCTION, SMALL)
SWEEP(giver_in_lock, "lock", set_allocator, check_allocator, STEP_INSTRUCTION, SMALL)
SWEEP(giver_in_unlock, "unlock", set_allocator, check_allocator, STEP_INSTRUCTION, SMALL)
SWEEP(giver_in_free, "free", set_allocator, check_allocator, STEP_INSTRUCTION, SMALL)
SWEEP(owner_in_lock, "lock", set_owner, check_owner, STEP_INSTRUCTION, SMALL)
SWEEP(owner_in_unlock, "unlock", set_owner, check_owner, STEP_INSTRUCTION, SMALL)
SWEEP(owner_in_free, "free", set_owner, check_owner, STEP_INSTRUCTION, SMALL)
SWEEP(third_in_lock, "lock", set_third, check_third, STEP_INSTRUCTION, SMALL)
SWEEP(third_in_unlock, "unlock", set_third, check_third, STEP_INSTRUCTION, SMALL)
SWEEP(third_in_free, "free", set_third, check_third, STEP_INSTRUCTION, SMALL)
SWEEP(anybody_in_start, "start", set_stranger, check_owner, STEP_SYSTEM_CALL, SMALL)
SWEEP(giver_in_first_alloc, "first alloc", set_allocator, check_allocator, STEP_SYSTEM_CALL, SMALL)
SWEEP(giver_in_large_alloc, "alloc", set_allocator, check_allocator, STEP_SYSTEM_CALL, LARGE)
SWEEP(giver_in_stop, "stop", set_allocator, check_allocator, STEP_SYSTEM_CALL, SMALL)
SWEEP(owner_in_serving, "serve", set_serving, check_serving, STEP_SYSTEM_CALL, SMALL)
SWEEP(owner_in_serving_large, "serve", set_serving, check_serving, STEP_SYSTEM_CALL, LARGE)
SWEEP(owner_in_first_read, "first read", set_owner, check_owner, STEP_SYSTEM_CALL, SMALL)
SWEEP(owner_in_stop, "stop", set_owner, check_owner, STEP_SYSTEM_CALL, SMALL)
SWEEP(third_in_first_lock, "first lock", set_third, check_third, STEP_SYSTEM_CALL, SMALL)
SWEEP(third_in_first_lock_large, "first lock", set_third, check_third, STEP_SYSTEM_CALL, LARGE)
SWEEP(third_in_map, "map", set_third, check_third, STEP_SYSTEM_CALL, SMALL)
SWEEP(third_in_stop, "stop", set_third, check_third, STEP_SYSTEM_CALL, SMALL)

static const struct test tests[] = {
    { "the giver in alloc", giver_in_alloc },
    { "the giver in lock", giver_in_lock },
    { "the giver in unlock", giver_in_unlock },
    { "the giver in free", giver_in_free },
    { "the owner in lock", owner_in_lock },
    { "the owner in unlock", owner_in_unlock },
    { "the owner in free", owner_in_free },
    { "a third process in lock", third_in_lock },
    { "a third process in unlock", third_in_unlock },
    { "a third process in free", third_in_free },
    { "anybody in start", anybody_in_start },
    { "the giver in its first alloc", giver_in_first_alloc },
    { "the giver in alloc of a large block", giver_in_large_alloc },
    { "the giver in stop", giver_in_stop },
    { "the owner in serving", owner_in_serving },
    { "the owner in serving for a large block", owner_in_serving_large },
    { "the owner in its first lock for reading", owner_in_first_read },
    { "the owner in stop", owner_in_stop },
    { "a third process in its first lock", third_in_first_lock },
    { "a third process in its first lock of a large block", third_in_first_lock_large },
    { "a third process in map_handle", third_in_map },
    { "a third process in stop", third_in_stop },
};

static const struct role roles[] = { { "victim", victim_role } };

SUITE_WITH_ROLES("steps", tests, roles, LENGTH(roles))
