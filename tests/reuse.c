/*
 * Memory is used again: never while somebody still sees it, always when nobody does.
 *
 * A block that was freed is still there for those who locked it, whichever process they are; and whoever makes blocks
 * without end takes no more memory than whoever makes a few.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/leaks.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define ROUNDS 600
#define LIVE 100 /* more than the slots of the segment in which the first of them was */

static const size_t some_sizes[] = { 0, 64, 1000, 4 * KIB, 60 * KIB, 200 * KIB };

/* Blocks of one size, with other bytes than what is still seen. */
static void churn(size_t size, shs_pid owner) {
    static shs_handle handles[LIVE];
    for (size_t i = 0; i < 2 * LENGTH(handles); i++) {
        CHECK_STATUS(SHS_OK, shs_free(handles[i % LIVE], owner));
        handles[i % LIVE] = block_new(1000, size, owner);
    }
    for (size_t i = 0; i < LENGTH(handles); i++) {
        CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
        handles[i] = 0;
    }
}

static void seen_by_its_own_process(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(some_sizes); i++) {
        for (int access = SHS_READ; access <= SHS_READ_WRITE; access++) {
            const shs_handle handle = block_new(5, some_sizes[i], self);
            void *view = block_lock(handle, self, (shs_access)access);
            CHECK_STATUS(SHS_OK, shs_free(handle, self));
            churn(some_sizes[i], self);
            CHECK(pattern_matches(view, some_sizes[i], 5));
            CHECK_STATUS(SHS_OK, shs_unlock(view));
        }
    }
}

static void seen_by_the_giver(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    for (size_t i = 0; i < LENGTH(some_sizes); i++) {
        const shs_handle handle = block_new(5, some_sizes[i], pid);
        void *view = block_lock(handle, pid, SHS_READ_WRITE);
        CHECK_STATUS(SHS_OK, actor_free(owner, handle, pid));
        churn(some_sizes[i], pid);
        CHECK(pattern_matches(view, some_sizes[i], 5));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
    }
    actor_end(owner);
}

/* The process that still sees it is another than the one that makes the next blocks. */
static void seen_by_another(struct child *viewer, shs_pid owner) {
    for (size_t i = 0; i < LENGTH(some_sizes); i++) {
        uint64_t view = 0;
        const shs_handle handle = block_new(5, some_sizes[i], owner);
        CHECK_STATUS(SHS_OK, actor_lock(viewer, handle, owner, SHS_READ_WRITE, &view));
        CHECK_STATUS(SHS_OK, shs_free(handle, owner));
        churn(some_sizes[i], owner);
        CHECK(actor_matches(viewer, view, 5, some_sizes[i]));
        CHECK_STATUS(SHS_OK, actor_unlock(viewer, view));
    }
}

static void seen_by_the_owner(void) {
    struct child *owner = actor_start_attached();
    seen_by_another(owner, child_pid(owner));
    actor_end(owner);
}

static void seen_by_a_third_process(void) {
    struct child *owner = actor_start_attached();
    struct child *third = actor_start_attached();
    seen_by_another(third, child_pid(owner));
    seen_by_another(third, shs_self());
    actor_end(third);
    actor_end(owner);
}

/* Locked, unlocked and freed, by whoever: rounds more of it need no more mappings. */
static void whole_lives(struct child *viewer, shs_pid owner, uint32_t rounds) {
    for (uint32_t i = 0; i < rounds; i++) {
        const size_t size = i % 50 == 0 ? 200 * KIB : some_sizes[i % 4];
        const shs_handle handle = block_new(i, size, owner);
        CHECK(block_holds(handle, owner, i, size));
        if (viewer != NULL) CHECK(actor_sees(viewer, handle, owner, i, size));
        CHECK_STATUS(SHS_OK, shs_free(handle, owner));
    }
}

static void check_bounded(struct child *viewer, shs_pid owner, uint32_t rounds) {
    struct leaks few;
    struct leaks many;
    whole_lives(viewer, owner, rounds);
    leaks_measure(&few);
    whole_lives(viewer, owner, 10 * rounds);
    leaks_measure(&many);
    CHECK(many.mappings <= few.mappings + 20 && many.descriptors <= few.descriptors + 20);
}

static void own_blocks_without_end(void) {
    if (system_keeps_memory()) check_bounded(NULL, shs_self(), ROUNDS);
}

static void given_blocks_without_end(void) {
    if (!system_keeps_memory()) return;
    struct child *owner = actor_start_attached();
    check_bounded(NULL, child_pid(owner), ROUNDS);
    check_bounded(owner, child_pid(owner), ROUNDS / 10);
    actor_end(owner);
}

/* What a giver had mapped here goes when it is gone and its blocks are freed. */
static void givers_come_and_go(void) {
    struct leaks before;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    leaks_measure(&before);
    for (uint32_t i = 0; i < 30; i++) {
        shs_handle small = 0;
        shs_handle large = 0;
        struct child *giver = actor_start();
        CHECK_STATUS(SHS_OK, actor_alloc(giver, i, 100, shs_self(), &small));
        CHECK_STATUS(SHS_OK, actor_alloc(giver, i, 200 * KIB, shs_self(), &large));
        (i % 2 == 0 ? actor_kill : actor_end)(giver);
        CHECK(block_holds(small, shs_self(), i, 100));
        CHECK(block_holds(large, shs_self(), i, 200 * KIB));
        CHECK_STATUS(SHS_OK, shs_free(small, shs_self()));
        CHECK_STATUS(SHS_OK, shs_free(large, shs_self()));
    }
    CHECK(leaks_mappings_fall_to(before.mappings + 10));
}

static const struct test tests[] = {
    { "a freed block is seen by its own process", seen_by_its_own_process },
    { "a freed block is seen by its giver", seen_by_the_giver },
    { "a freed block is seen by its owner", seen_by_the_owner },
    { "a freed block is seen by a third process", seen_by_a_third_process },
    { "own blocks without end", own_blocks_without_end },
    { "given blocks without end", given_blocks_without_end },
    { "givers come and go", givers_come_and_go },
};

SUITE("reuse", tests)
