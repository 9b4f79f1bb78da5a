/*
 * Third processes that look at blocks: the place of a block is used again when they have gone, and not before.
 *
 * An owner gives numbers to 32 third processes, and those beyond are counted where they look. What one leaves that is
 * killed comes back when that is proved; without a number, when it is of all that have none. Housekeeping is done by
 * the tests themselves, so that nothing waits for the server's clock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "posix/client/client.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

/* Blocks until a place comes again, or never will. */
#define BLOCKS_MOST 60
#define SLACK 12 /* a segment or two that housekeeping gave up at an unlucky moment, and others for them */
#define LARGE_MOST 12

static const size_t class_sizes[] = { 1, 64, 4096, 65536, 65537, 300 * KIB };

/* Where the block lies in this process. */
static void *address_of(shs_handle handle, shs_pid owner) {
    void *view = block_lock(handle, owner, SHS_READ_WRITE);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    return view;
}

/* Is one of so many blocks of this size put into the place? Small ones go round in their segment one after the other;
 * of large ones each stays, to drive the next one elsewhere. */
static bool is_used(const void *place, shs_pid owner, size_t size, size_t blocks) {
    shs_handle kept[LARGE_MOST];
    size_t count = 0;
    bool met = false;
    for (size_t i = 0; i < blocks && !met; i++) {
        const shs_handle next = block_new(9, size, owner);
        met = address_of(next, owner) == place;
        if (size > 64 * KIB)
            kept[count++] = next;
        else
            CHECK_STATUS(SHS_OK, shs_free(next, owner));
    }
    while (count > 0)
        CHECK_STATUS(SHS_OK, shs_free(kept[--count], owner));
    return met;
}

/* The place comes again; or does not, for as many blocks as it would have come. */
static bool comes_again(const void *place, shs_pid owner, size_t size) {
    return is_used(place, owner, size, size > 64 * KIB ? LARGE_MOST : BLOCKS_MOST);
}

static bool is_kept(const void *place, shs_pid owner, size_t size) {
    return !is_used(place, owner, size, size > 64 * KIB ? LARGE_MOST / 2 : BLOCKS_MOST);
}

static void reap(void) { shs__third_numbers_reap(shs__context_open()); }

/* ---- in order ---- */

static void check_place(struct child *third, shs_pid owner, size_t size) {
    uint64_t view = 0;
    const shs_handle handle = block_new(6, size, owner);
    const void *place = address_of(handle, owner);
    CHECK(actor_sees(third, handle, owner, 6, size));
    REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, owner, SHS_READ, &view));
    CHECK_STATUS(SHS_OK, shs_free(handle, owner));
    CHECK(is_kept(place, owner, size));
    CHECK(actor_matches(third, view, 6, size));
    CHECK_STATUS(SHS_OK, actor_unlock(third, view));
    CHECK(comes_again(place, owner, size));
}

static void the_place_comes_again(void) {
    struct child *owner = actor_start_attached();
    struct child *third = actor_start_attached();
    for (size_t i = 0; i < LENGTH(class_sizes); i++) {
        check_place(third, shs_self(), class_sizes[i]);
        check_place(third, child_pid(owner), class_sizes[i]);
    }
    actor_end(third);
    actor_end(owner);
}

/* Two look at once: the last one counts, whichever it is. */
static void two_at_once(void) {
    struct child *thirds[2] = { actor_start_attached(), actor_start_attached() };
    const shs_pid self = shs_self();
    for (size_t last = 0; last < 2; last++) {
        uint64_t views[2];
        const shs_handle handle = block_new(6, KIB, self);
        const void *place = address_of(handle, self);
        for (size_t i = 0; i < 2; i++)
            REQUIRE_STATUS(SHS_OK, actor_lock(thirds[i], handle, self, SHS_READ_WRITE, &views[i]));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
        CHECK_STATUS(SHS_OK, actor_unlock(thirds[1 - last], views[1 - last]));
        CHECK(is_kept(place, self, KIB));
        CHECK_STATUS(SHS_OK, actor_unlock(thirds[last], views[last]));
        CHECK(comes_again(place, self, KIB));
    }
    actor_end(thirds[0]);
    actor_end(thirds[1]);
}

/* ---- ends ---- */

/* Could a new block be put into this place of this process? */
static bool is_vacant(const void *place) {
    struct context *context = shs__context_open();
    const struct segment *segment = shs__address_map_find(&context->addresses, (uintptr_t)place);
    REQUIRE(segment != NULL);
    const uintptr_t offset = (uintptr_t)place - (uintptr_t)atomic_load(&segment->data);
    uint32_t seen;
    return shs__segment_is_vacant(segment, (uint32_t)(offset / segment->geometry.stride), &seen);
}

/* Killed with a view: the place is kept until that is proved, and comes again then; so does the number. */
static void a_third_that_was_killed(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(class_sizes) * 8; i++) {
        const size_t size = class_sizes[i % LENGTH(class_sizes)];
        struct child *third = actor_start_attached();
        uint64_t view = 0;
        const shs_handle handle = block_new(6, size, self);
        const void *place = address_of(handle, self);
        REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ, &view));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
        reap();
        CHECK(!is_vacant(place));
        actor_kill(third);
        while (!is_vacant(place)) /* the service thread sees the connection end, or the test's time limit comes */
            reap();
    }
}

static unsigned numbers_given(void) {
    struct context *context = shs__context_open();
    context_lock(context);
    const unsigned given = (unsigned)__builtin_popcount(context->thirds.taken);
    context_unlock(context);
    return given;
}

/* It stops the library, with a view: nobody may believe that it has gone, and it unlocks when it likes. */
static void a_third_that_stops(void) {
    struct child *third = actor_start_attached();
    const shs_pid self = shs_self();
    uint64_t view = 0, again = 0;
    const shs_handle handle = block_new(6, KIB, self);
    const void *place = address_of(handle, self);
    REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ, &view));
    (void)actor_ask(third, (struct actor_request){ .command = ACTOR_STOP });
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    reap();
    CHECK(is_kept(place, self, KIB));
    CHECK(actor_matches(third, view, 6, KIB));
    const shs_handle next = block_new(7, KIB, self); /* by a connection of its own */
    REQUIRE_STATUS(SHS_OK, actor_lock(third, next, self, SHS_READ, &again));
    CHECK_STATUS(SHS_OK, actor_unlock(third, again));
    CHECK(is_kept(place, self, KIB));
    CHECK_STATUS(SHS_OK, actor_unlock(third, view));
    CHECK(comes_again(place, self, KIB));
    CHECK_STATUS(SHS_OK, shs_free(next, self));
    actor_end(third);
}

/* ---- two mappings ---- */

/* A third process of which two threads ask for one segment, one after the other: it looks at the block by both. */
static int twice_role(char **arguments) {
    const struct block_name block = { (shs_handle)strtoul(arguments[0], NULL, 10), (shs_pid)getppid() };
    struct context *context = shs__context_open();
    const struct waiting wait = shs__context_wait(context);
    char order = 0;
    void *first = NULL, *second = NULL;
    EXPECT_STATUS(SHS_OK, shs_lock(block.handle, block.owner, SHS_READ, &first, NULL));
    EXPECT_STATUS(SHS_OK, shs__client_lookup(context, &block, &wait));
    EXPECT_STATUS(SHS_OK, shs_lock(block.handle, block.owner, SHS_READ, &second, NULL));
    EXPECT_STATUS(SHS_OK, shs_unlock(second));
    EXPECT(parent_send(&order, sizeof order) && parent_receive(&order, sizeof order));
    EXPECT(pattern_matches(first, KIB, 6));
    EXPECT_STATUS(SHS_OK, shs_unlock(first));
    EXPECT(parent_send(&order, sizeof order) && parent_receive(&order, sizeof order));
    return EXIT_SUCCESS;
}

static void asked_for_twice(void) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(6, KIB, self);
    const void *place = address_of(handle, self);
    char text[16], order = 0;
    snprintf(text, sizeof text, "%lu", (unsigned long)handle);
    struct child *third = child_start("twice", (const char *const[]){ text, NULL });
    REQUIRE(third != NULL && child_receive(third, &order, sizeof order));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK(!is_vacant(place));
    CHECK(child_send(third, &order, sizeof order) && child_receive(third, &order, sizeof order));
    CHECK(is_vacant(place));
    CHECK(child_send(third, &order, sizeof order));
    CHECK_NUMBER(0, (uint64_t)child_wait(third));
}

/* It stops the library again and again, and asks anew with its first view unlocked or not: it sees the block at one
 * address, by one number, and the place is kept until both views are given back. */
static void a_lost_connection(void) {
    struct child *third = actor_start_attached();
    const shs_pid self = shs_self();
    for (size_t i = 0; i < (size_t)2 * (SLOT_THIRDS + 1); i++) {
        uint64_t view = 0, again = 0;
        const shs_handle handle = block_new(6, KIB, self);
        const void *place = address_of(handle, self);
        REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ, &view));
        (void)actor_ask(third, (struct actor_request){ .command = ACTOR_STOP });
        REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ, &again));
        CHECK(view == again);
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
        CHECK_STATUS(SHS_OK, actor_unlock(third, view));
        CHECK(!is_vacant(place));
        CHECK(actor_matches(third, again, 6, KIB));
        CHECK_STATUS(SHS_OK, actor_unlock(third, again));
        CHECK(is_vacant(place));
    }
    CHECK_NUMBER(1, numbers_given());
    actor_end(third);
}

static void two_lost_segments(void) {
    struct child *third = actor_start_attached();
    const shs_pid self = shs_self();
    const size_t lengths[] = { KIB, 16 * KIB };
    shs_handle handles[LENGTH(lengths)];
    uint64_t views[LENGTH(lengths)], again = 0;
    for (size_t i = 0; i < LENGTH(lengths); i++) {
        handles[i] = block_new((uint32_t)i, lengths[i], self);
        REQUIRE_STATUS(SHS_OK, actor_lock(third, handles[i], self, SHS_READ, &views[i]));
    }
    (void)actor_ask(third, (struct actor_request){ .command = ACTOR_STOP });
    for (size_t i = 0; i < LENGTH(lengths); i++) {
        REQUIRE_STATUS(SHS_OK, actor_lock(third, handles[i], self, SHS_READ, &again));
        CHECK(views[i] == again && actor_matches(third, again, (uint32_t)i, lengths[i]));
        CHECK_STATUS(SHS_OK, actor_unlock(third, views[i]));
        CHECK_STATUS(SHS_OK, actor_unlock(third, again));
    }
    actor_end(third);
}

/* ---- numbers ---- */

/* Can the place of a block be used again after this one has looked at it? */
static bool is_accounted_for(struct child *third) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(6, KIB, self);
    const void *place = address_of(handle, self);
    CHECK(actor_sees(third, handle, self, 6, KIB));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    return is_vacant(place);
}

/* Those of processes that have ended come back: the service thread sees their connections end, or the time limit comes.
 */
static void await_numbers(void) {
    while (numbers_given() > 0)
        reap();
}

/* Those beyond the numbers cost no place either. Numbers that are given back are given again. */
static void more_thirds_than_numbers(void) {
    struct child *thirds[SLOT_THIRDS + 2];
    await_numbers();
    for (size_t i = 0; i < LENGTH(thirds); i++) {
        thirds[i] = actor_start_attached();
        CHECK(is_accounted_for(thirds[i]));
    }
    CHECK_NUMBER(SLOT_THIRDS, numbers_given());
    for (size_t i = 0; i < LENGTH(thirds); i++)
        actor_end(thirds[i]);
    await_numbers();
    struct child *late = actor_start_attached();
    CHECK(is_accounted_for(late));
    CHECK_NUMBER(1, numbers_given());
    actor_end(late);
}

/* A view of one without a number. */
static uint64_t look_and_free(struct child *third, const void **place) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(6, KIB, self);
    uint64_t view = 0;
    *place = address_of(handle, self);
    REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ, &view));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    return view;
}

/* Two without a number, of which one is killed with a view: its place is kept until the other one has nothing mapped,
 * which may have a view of it, for all that the owner knows. */
static void killed_without_a_number(void) {
    struct child *thirds[SLOT_THIRDS + 2], *victim, *other;
    const void *place, *others;
    await_numbers();
    for (size_t i = 0; i < LENGTH(thirds); i++) {
        thirds[i] = actor_start_attached();
        CHECK(is_accounted_for(thirds[i]));
    }
    victim = thirds[SLOT_THIRDS];
    other = thirds[SLOT_THIRDS + 1];
    (void)look_and_free(victim, &place);
    const uint64_t view = look_and_free(other, &others);
    actor_kill(victim);
    reap();
    CHECK(!is_vacant(place) && !is_vacant(others));
    CHECK_STATUS(SHS_OK, actor_unlock(other, view));
    CHECK(!is_vacant(place) && is_vacant(others));
    (void)actor_ask(other, (struct actor_request){ .command = ACTOR_STOP });
    while (!is_vacant(place)) /* the service thread hears both, or the test's time limit comes */
        reap();
    actor_end(other);
    for (size_t i = 0; i < SLOT_THIRDS; i++)
        actor_end(thirds[i]);
}

/* All numbers are those of killed processes, and nobody waits until the housekeeping finds that out. */
static void numbers_of_the_killed(void) {
    struct child *thirds[SLOT_THIRDS];
    await_numbers();
    for (size_t i = 0; i < LENGTH(thirds); i++) {
        thirds[i] = actor_start_attached();
        CHECK(is_accounted_for(thirds[i]));
    }
    for (size_t i = 0; i < LENGTH(thirds); i++)
        actor_kill(thirds[i]);
    struct child *late = actor_start_attached();
    CHECK(is_accounted_for(late));
    actor_end(late);
}

/* A pipeline of three for some time: what is held stays what it was after the first rounds. */
static void memory_stays_flat(void) {
    struct child *owner = actor_start_attached();
    struct child *third = actor_start_attached();
    struct leaks early = { 0 }, late;
    for (uint32_t i = 0; i < 400; i++) {
        const size_t size = i % 2 == 0 ? 64 * KIB : MIB;
        const shs_handle handle = block_new(i, size, child_pid(owner));
        CHECK(actor_sees(third, handle, child_pid(owner), i, size));
        CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
        if (i == 20) leaks_measure(&early);
    }
    leaks_measure(&late);
    CHECK(late.mappings <= early.mappings + SLACK && late.descriptors <= early.descriptors + SLACK);
    actor_end(third);
    actor_end(owner);
}

/* Blocks that grow, so that none fits where an earlier one was: what the owner gives up, a third process gives up with
 * the next blocks that it looks at. The owner keeps fewer than 20 of 40. */
static void what_was_retired_goes(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    struct leaks one = { 0 }, ten = { 0 };
    for (uint32_t i = 0; i < 40; i++) {
        shs_handle handle = 0;
        const size_t size = 4 * MIB + (size_t)i * 64 * KIB;
        REQUIRE_STATUS(SHS_OK, actor_alloc(owner, i, size, pid, &handle));
        (void)address_of(handle, pid);
        CHECK_STATUS(SHS_OK, shs_free(handle, pid));
        if (i == 0) leaks_measure(&one);
        if (i == 9) leaks_measure(&ten);
    }
    CHECK(leaks_mappings_fall_to(2 * ten.mappings)); /* what it is told of, it hears when it has time */
    CHECK_NUMBER(one.descriptors, ten.descriptors);  /* who only looks keeps none */
    actor_end(owner);
}

static const struct test tests[] = {
    { "the place comes again", the_place_comes_again },
    { "two at once", two_at_once },
    { "a third that was killed", a_third_that_was_killed },
    { "a third that stops", a_third_that_stops },
    { "asked for twice", asked_for_twice },
    { "a lost connection", a_lost_connection },
    { "two lost segments", two_lost_segments },
    { "more thirds than numbers", more_thirds_than_numbers },
    { "killed without a number", killed_without_a_number },
    { "numbers of the killed", numbers_of_the_killed },
    { "memory stays flat", memory_stays_flat },
    { "what was retired goes", what_was_retired_goes },
};

static const struct role roles[] = { { "twice", twice_role } };

SUITE_WITH_ROLES("thirds", tests, roles, LENGTH(roles))
