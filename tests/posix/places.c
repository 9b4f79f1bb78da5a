/*
 * The place of a block, slot or pages, when it is used again: nothing of the block that was there before can be seen
 * or reached. And the option that gives each block pages of its own.
 *
 * Each test keeps to one place: it makes and frees blocks of one size until an address comes again. That views keep
 * their bytes meanwhile is the matter of the suite reuse.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

/* One of each size class, and two that have a segment of their own. */
static const size_t class_sizes[] = { 1, 64, 256, 1024, 4096, 16384, 65536, 65537, 300 * KIB };

#define GENERATIONS 2047 /* blocks in one slot until a handle's number comes again */
#define LONE 66000       /* the size of a block with a segment of its own */
#define PAGED 40

/* Where the block lies in this process. */
static void *address_of(shs_handle handle, shs_pid owner) {
    void *view = block_lock(handle, owner, SHS_READ_WRITE);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    return view;
}

/* ---- zeros ---- */

/* The place was full of something else, right up to the end of the slot. */
static void check_zeros(shs_pid owner, size_t size) {
    const shs_handle full = block_new(1, size, owner);
    void *place = address_of(full, owner);
    CHECK_STATUS(SHS_OK, shs_free(full, owner));
    bool met = false;
    for (int i = 0; i < 100 && !met; i++) {
        const shs_handle empty = block_new(0, size, owner);
        met = address_of(empty, owner) == place;
        CHECK(block_holds(empty, owner, 0, size));
        void *view = block_lock(empty, owner, SHS_READ_WRITE);
        pattern_fill(view, size, 2);
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK_STATUS(SHS_OK, shs_free(empty, owner));
    }
    CHECK(met);
}

static void null_is_zeros_in_used_slots(void) {
    struct child *actor = actor_start_attached();
    for (size_t i = 0; i < LENGTH(class_sizes); i++) {
        check_zeros(shs_self(), class_sizes[i]);
        check_zeros(child_pid(actor), class_sizes[i]);
    }
    actor_end(actor);
}

/* A smaller block in the slot of a larger one has its own size, and the larger one's bytes are not shown as its own. */
static void sizes_are_of_the_block_that_is_there(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < 300; i++) {
        const size_t size = 17 + i * 7 % 48; /* all of one class */
        const shs_handle handle = block_new((uint32_t)i + 1, size, self);
        CHECK(block_holds(handle, self, (uint32_t)i + 1, size));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

/* ---- handles ---- */

static int compare_handles(const void *a, const void *b) {
    const shs_handle first = *(const shs_handle *)a, second = *(const shs_handle *)b;
    return (first > second) - (first < second);
}

static bool all_differ(shs_handle *handles, size_t count) {
    qsort(handles, count, sizeof *handles, compare_handles);
    for (size_t i = 1; i < count; i++) {
        if (handles[i] == handles[i - 1]) return false;
    }
    return true;
}

/* A segment of its own has one slot: each next block of the size is in it again. */
static void check_one_slot(shs_pid owner, struct child *other) {
    static shs_handle handles[GENERATIONS];
    uint64_t view;
    const shs_handle stale = handles[0] = block_new(0, LONE, owner);
    void *place = address_of(stale, owner);
    CHECK_STATUS(SHS_OK, shs_free(stale, owner));
    for (size_t i = 1; i < GENERATIONS; i++) {
        handles[i] = block_new(0, LONE, owner);
        CHECK_STATUS(SHS_E_HANDLE, block_status(stale, owner));
        CHECK_STATUS(SHS_E_HANDLE, shs_free(stale, owner));
        if (i % 256 == 0) CHECK_STATUS(SHS_E_HANDLE, actor_lock(other, stale, owner, SHS_READ, &view));
        CHECK(address_of(handles[i], owner) == place);
        CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
    }
    CHECK(all_differ(handles, GENERATIONS));
}

static void a_freed_handle_stays_an_error(void) {
    struct child *owner = actor_start_attached();
    struct child *third = actor_start_attached();
    check_one_slot(shs_self(), third);
    check_one_slot(child_pid(owner), third);
    actor_end(third);
    actor_end(owner);
}

static void handles_of_shared_segments_differ(void) {
    static shs_handle handles[8 * 2000]; /* in the eight slots of a first segment */
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(handles); i++) {
        handles[i] = block_new(0, 64, self);
        CHECK_STATUS(SHS_OK, shs_free(handles[i], self));
        if (i > 0) CHECK_STATUS(SHS_E_HANDLE, shs_free(handles[i / 2], self));
    }
    CHECK(all_differ(handles, LENGTH(handles)));
}

/* ---- retired slots ---- */

/* The owner does not know when a third process is done with its view: so the place is given up. */
static void check_is_spent(struct child *third, shs_pid owner, size_t size) {
    const shs_handle handle = block_new(6, size, owner);
    const void *place = address_of(handle, owner);
    CHECK(actor_sees(third, handle, owner, 6, size));
    CHECK_STATUS(SHS_OK, shs_free(handle, owner));
    for (int i = 0; i < 60; i++) {
        const shs_handle next = block_new(9, size, owner);
        CHECK(address_of(next, owner) != place);
        CHECK_STATUS(SHS_OK, shs_free(next, owner));
    }
}

static void a_third_process_retires_the_place(void) {
    struct child *owner = actor_start_attached();
    struct child *third = actor_start_attached();
    for (size_t i = 0; i < LENGTH(class_sizes); i++) {
        check_is_spent(third, shs_self(), class_sizes[i]);
        check_is_spent(third, child_pid(owner), class_sizes[i]);
    }
    actor_end(third);
    actor_end(owner);
}

/* ---- pages of their own ---- */

static void start_with_own_pages(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.own_pages = 1;
    CHECK_STATUS(SHS_OK, shs_start(&options));
}

static bool pages_differ(void *const *views, size_t count, uintptr_t page) {
    for (size_t i = 0; i < count; i++) {
        if ((uintptr_t)views[i] % page != 0) return false;
        for (size_t j = 0; j < i; j++) {
            if ((uintptr_t)views[i] / page == (uintptr_t)views[j] / page) return false;
        }
    }
    return true;
}

/* Whoever writes past the end of one block, as far as its page goes, hits no other, and no state of any. */
static void check_own_pages(shs_pid owner, struct child *other) {
    static void *views[PAGED];
    static shs_handle handles[PAGED];
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < PAGED; i++) {
        handles[i] = block_new((uint32_t)i + 1, i, owner);
        views[i] = block_lock(handles[i], owner, SHS_READ_WRITE);
    }
    CHECK(pages_differ(views, PAGED, page));
    for (size_t i = 0; i < PAGED; i++)
        memset((char *)views[i] + i, 0xFF, page - i);
    for (size_t i = 0; i < PAGED; i++) {
        CHECK(block_holds(handles[i], owner, (uint32_t)i + 1, i));
        CHECK(actor_sees(other, handles[i], owner, (uint32_t)i + 1, i));
        CHECK_STATUS(SHS_OK, shs_unlock(views[i]));
        CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
    }
}

static void blocks_have_pages_of_their_own(void) {
    struct child *owner = actor_start_attached();
    start_with_own_pages();
    check_own_pages(shs_self(), owner);
    check_own_pages(child_pid(owner), owner);
    check_zeros(shs_self(), 64);
    check_zeros(child_pid(owner), 64);
    actor_end(owner);
}

/* The option is taken, not the other way round: without it, blocks lie together. */
static void small_blocks_lie_together(void) {
    void *views[2];
    shs_handle handles[2];
    const shs_pid self = shs_self();
    for (size_t i = 0; i < 2; i++) {
        handles[i] = block_new(1, 64, self);
        views[i] = address_of(handles[i], self);
    }
    CHECK(!pages_differ(views, 2, (uintptr_t)sysconf(_SC_PAGESIZE)));
    for (size_t i = 0; i < 2; i++)
        CHECK_STATUS(SHS_OK, shs_free(handles[i], self));
}

static const struct test tests[] = {
    { "no data is zeros in a used slot too", null_is_zeros_in_used_slots },
    { "a size is of the block that is there now", sizes_are_of_the_block_that_is_there },
    { "a freed handle stays an error, block after block in its slot", a_freed_handle_stays_an_error },
    { "handles of shared segments differ", handles_of_shared_segments_differ },
    { "a third process retires the place that it saw", a_third_process_retires_the_place },
    { "blocks have pages of their own", blocks_have_pages_of_their_own },
    { "small blocks lie together otherwise", small_blocks_lie_together },
};

SUITE("places", tests)
