/*
 * Blocks that are filled in place: shs_alloc_locked() gives a block and a view of it in one step.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define ROUNDS 300
#define THREADS 4

/* Make, fill and show; the view is the caller's to give back. */
static void *make(uint32_t pattern, size_t size, shs_pid owner, shs_handle *handle) {
    void *view = NULL;
    size_t told = size + 1;
    *handle = 0;
    REQUIRE_STATUS(SHS_OK, shs_alloc_locked(size, owner, handle, &view));
    REQUIRE(view != NULL && (uintptr_t)view % 64 == 0);
    CHECK(*handle != 0 && *handle % 4 == 0 && *handle >> 31 == 0);
    CHECK_STATUS(SHS_OK, shs_view_size(view, &told));
    CHECK_NUMBER(size, told);
    pattern_fill(view, size, pattern);
    return view;
}

static void in_every_size(shs_pid owner) {
    for (uint32_t i = 0; i < LENGTH(sizes); i++) {
        shs_handle handle;
        void *view = make(i, sizes[i], owner, &handle);
        CHECK(block_holds(handle, owner, i, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(view));
        CHECK(block_holds(handle, owner, i, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(handle, owner));
        CHECK_STATUS(SHS_E_HANDLE, block_status(handle, owner));
    }
}

static void in_this_process(void) { in_every_size(shs_self()); }

static void in_another_process(void) {
    struct child *owner = actor_start_attached();
    in_every_size(child_pid(owner));
    actor_end(owner);
}

/* The view counts as any other: the place is not used again while it is there, though the block is freed. */
static void the_view_keeps_the_place(void) {
    struct child *owner = actor_start_attached();
    const shs_pid owners[] = { shs_self(), child_pid(owner) };
    static shs_handle others[ROUNDS];
    for (size_t size = 64; size <= 256 * KIB; size *= 64) {
        for (size_t i = 0; i < LENGTH(owners); i++) {
            shs_handle handle;
            void *view = make(7, size, owners[i], &handle);
            CHECK_STATUS(SHS_OK, shs_free(handle, owners[i]));
            for (uint32_t j = 0; j < ROUNDS / 10; j++)
                others[j] = block_new(8, size, owners[i]);
            CHECK(pattern_matches(view, size, 7));
            for (uint32_t j = 0; j < ROUNDS / 10; j++)
                CHECK_STATUS(SHS_OK, shs_free(others[j], owners[i]));
            CHECK_STATUS(SHS_OK, shs_unlock(view));
        }
    }
    actor_end(owner);
}

/* Two views of one block: the first is from its making. Each is given back for itself. */
static void it_is_locked_once_more(void) {
    shs_handle handle;
    void *again = NULL, *view = make(3, KIB, shs_self(), &handle);
    REQUIRE_STATUS(SHS_OK, shs_lock(handle, shs_self(), SHS_READ_WRITE, &again, NULL));
    CHECK(pattern_matches(again, KIB, 3));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK(pattern_matches(again, KIB, 3));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_OK, shs_unlock(again));
}

/* What the owner reads is what was put in place, however often the place was used before. */
static void the_owner_reads_it(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        const size_t size = i % 3 == 0 ? 300 * KIB : 1000;
        shs_handle handle;
        void *view = make(i, size, pid, &handle);
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        const struct actor_request lock = { .command = ACTOR_LOCK, .handle = handle, .pid = pid };
        const struct actor_reply locked = actor_ask(owner, lock);
        const struct actor_request match = { .command = ACTOR_MATCHES, .view = locked.view, .size = size, .number = i };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, match).status);
        CHECK_STATUS(SHS_OK, actor_unlock(owner, locked.view));
        CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    }
    actor_end(owner);
}

/* Several threads, each with a block of its own at any time, and stale handles tried on the same places. */
static void churn(void *context) {
    const shs_pid owner = *(const shs_pid *)context;
    shs_handle stale = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        shs_handle handle = 0;
        void *view = NULL, *wrong = NULL;
        if (!CHECK_STATUS(SHS_OK, shs_alloc_locked(128, owner, &handle, &view))) return;
        pattern_fill(view, 128, i);
        if (stale != 0) CHECK_STATUS(SHS_E_HANDLE, checked_lock(stale, owner, SHS_READ, &wrong, NULL));
        CHECK(pattern_matches(view, 128, i));
        CHECK_STATUS(SHS_OK, shs_free(handle, owner));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        stale = handle;
    }
}

static void threads_fill_side_by_side(void) {
    struct child *owner = actor_start_attached();
    shs_pid pid = child_pid(owner);
    if (system_keeps_handles_apart()) parallel_run(THREADS, churn, &pid);
    actor_end(owner);
}

static const struct test tests[] = {
    { "in this process", in_this_process },
    { "in another process", in_another_process },
    { "the view keeps the place", the_view_keeps_the_place },
    { "it is locked once more", it_is_locked_once_more },
    { "the owner reads it", the_owner_reads_it },
    { "threads fill side by side", threads_fill_side_by_side },
};

SUITE("inplace", tests)
