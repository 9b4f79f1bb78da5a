/*
 * Blocks of givers that have ended, which are moved together when there is no room for more: as many as there may be,
 * and for whoever has one, or is about to, nothing changes.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "forked.h"
#include "posix/state/context.h"
#include "posix/state/trim.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/suite.h"

#define SIZE 100u
#define FEW_DESCRIPTORS 128u
#define MANY (3 * FEW_DESCRIPTORS)
#define SOME 20u
#define ROUNDS 3u
#define COUNTERS 3u

/* ---- what the dead leave ---- */

struct gift {
    uint32_t pattern;
    shs_pid to;
};

static void give(int channel, void *argument) {
    const struct gift *gift = argument;
    forked_tell(channel, block_new(gift->pattern, SIZE, gift->to));
}

/* A block of a giver that has ended. */
static shs_handle left_behind(uint32_t pattern) {
    struct gift gift = { pattern, shs_self() };
    struct forked giver = forked_start(fork, give, &gift);
    const shs_handle handle = forked_hear(giver.channel);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&giver));
    REQUIRE(handle != 0);
    return handle;
}

static struct segment *segment_of(shs_handle handle) {
    return handle_table_find(&current_context()->own, handle_index(handle));
}

/* Has it been heard of that the giver has ended? */
static bool is_left(shs_handle handle) {
    struct context *context = current_context();
    context_lock(context);
    const bool left = segment_of(handle)->retired;
    context_unlock(context);
    return left;
}

static bool is_moved(shs_handle handle) { return segment_of(handle)->arena != NULL; }

static void compact(shs_handle last) {
    while (!is_left(last))
        parallel_pause();
    shs__compact(current_context());
}

static void free_own(shs_handle handle) {
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_E_HANDLE, block_status(handle, shs_self()));
}

/* ---- tests ---- */

static void more_than_descriptors(void) {
    shs_handle handles[MANY];
    struct rlimit limit;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit few = { .rlim_cur = FEW_DESCRIPTORS, .rlim_max = limit.rlim_max };
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (uint32_t i = 0; i < MANY; i++)
        handles[i] = left_behind(i);
    for (uint32_t i = 0; i < MANY; i++)
        CHECK(block_holds(handles[i], shs_self(), i, SIZE));
    CHECK(is_moved(handles[0]));
    for (uint32_t i = 0; i < MANY; i++)
        free_own(handles[i]);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    shs__trim_periodic(current_context());
    CHECK_NUMBER(0, current_context()->arenas.segments);
    CHECK(current_context()->arenas.filling == NULL);
}

static void a_handle_leads_to_its_block(void) {
    shs_handle handles[SOME];
    struct shs_block_info blocks[SOME];
    size_t count = 0;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (uint32_t i = 0; i < SOME; i++)
        handles[i] = left_behind(i);
    free_own(handles[0]);
    compact(handles[SOME - 1]);
    CHECK_STATUS(SHS_E_HANDLE, block_status(handles[0], shs_self()));
    for (uint32_t i = 1; i < SOME; i++) {
        CHECK(is_moved(handles[i]));
        CHECK(block_holds(handles[i], shs_self(), i, SIZE));
        CHECK_STATUS(SHS_OK, block_status(handles[i], shs_self()));
    }
    CHECK_STATUS(SHS_OK, shs_list(shs_self(), blocks, SOME, &count));
    CHECK_NUMBER(SOME - 1, count);
    for (size_t i = 0; i < count && i < SOME; i++)
        CHECK(blocks[i].size == SIZE && blocks[i].giver != shs_self() && blocks[i].writable);
    for (uint32_t i = 1; i < SOME; i++)
        free_own(handles[i]);
}

/* The third process maps what others have in it beside the block, and sees what is written there. */
static void a_third_process_sees_what_was_moved(void) {
    const shs_pid self = shs_self();
    uint64_t view = 0;
    struct child *third = actor_start_attached();
    const shs_handle before = left_behind(1), handle = left_behind(2);
    compact(handle);
    REQUIRE(is_moved(before) && is_moved(handle));
    CHECK(actor_sees(third, before, self, 1, SIZE));
    CHECK(actor_sees(third, handle, self, 2, SIZE));
    CHECK_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ_WRITE, &view));
    actor_write(third, view, 3, SIZE);
    CHECK(block_holds(handle, self, 3, SIZE));
    compact(handle);
    CHECK(actor_matches(third, view, 3, SIZE));
    CHECK_STATUS(SHS_OK, actor_unlock(third, view));
    CHECK_STATUS(SHS_OK, actor_free(third, handle, self));
    CHECK_STATUS(SHS_E_HANDLE, actor_free(third, handle, self));
    free_own(before);
    actor_end(third);
}

static void what_is_viewed_stays(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    const shs_handle handle = left_behind(1), other = left_behind(2);
    char *view = block_lock(handle, shs_self(), SHS_READ_WRITE);
    compact(other);
    CHECK(!is_moved(handle));
    CHECK(is_moved(other));
    view[0] = 'x';
    const char *second = block_lock(handle, shs_self(), SHS_READ);
    CHECK(second[0] == 'x');
    CHECK_STATUS(SHS_OK, shs_unlock(second));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    compact(other);
    CHECK(is_moved(handle));
    free_own(handle);
    free_own(other);
}

static void what_was_looked_up_stays(void) {
    const shs_pid self = shs_self();
    uint64_t view = 0;
    struct child *third = actor_start_attached();
    const shs_handle handle = left_behind(1);
    CHECK_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ, &view));
    compact(handle);
    CHECK(!is_moved(handle));
    char *own = block_lock(handle, self, SHS_READ_WRITE);
    memset(own, 0, SIZE);
    CHECK(!actor_matches(third, view, 1, SIZE));
    CHECK_STATUS(SHS_OK, shs_unlock(own));
    CHECK_STATUS(SHS_OK, actor_unlock(third, view));
    compact(handle);
    CHECK(!is_moved(handle)); /* it may come again without a word */
    shs_stop();
    actor_end(third);
}

/* Its library was stopped, and it goes on with its view. */
static void what_a_living_giver_views_stays(void) {
    const shs_pid self = shs_self();
    uint64_t view = 0;
    shs_handle handle = 0;
    struct child *giver = actor_start_attached();
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 1, SIZE, self, &handle));
    CHECK_STATUS(SHS_OK, actor_lock(giver, handle, self, SHS_READ, &view));
    (void)actor_ask(giver, (struct actor_request){ .command = ACTOR_STOP });
    compact(handle);
    CHECK(!is_moved(handle));
    char *own = block_lock(handle, self, SHS_READ_WRITE);
    memset(own, 0, SIZE);
    CHECK_STATUS(SHS_OK, shs_unlock(own));
    CHECK(!actor_matches(giver, view, 1, SIZE));
    CHECK_STATUS(SHS_OK, actor_unlock(giver, view));
    actor_end(giver);
    compact(handle);
    CHECK(is_moved(handle));
    free_own(handle);
}

/* A second handle leads to the same memory for ever. */
static void what_has_two_handles_stays(void) {
    const shs_pid self = shs_self();
    shs_handle second = 0;
    const shs_handle handle = left_behind(1);
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, self, self, SHS_READ_WRITE, &second));
    compact(handle);
    CHECK(!is_moved(handle));
    char *view = block_lock(handle, self, SHS_READ_WRITE);
    view[0] = 'x';
    const char *other = block_lock(second, self, SHS_READ);
    CHECK(other[0] == 'x');
    CHECK_STATUS(SHS_OK, shs_unlock(other));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    free_own(handle);
    free_own(second);
}

/* After the move it can have a second one, too, and that outlives the first. */
static void what_was_moved_gets_two_handles(void) {
    const shs_pid self = shs_self();
    shs_handle second = 0;
    const shs_handle handle = left_behind(1);
    compact(handle);
    CHECK(is_moved(handle));
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, self, self, SHS_READ_WRITE, &second));
    free_own(handle);
    const shs_handle next = left_behind(2);
    compact(next);
    CHECK(block_holds(second, self, 1, SIZE));
    free_own(second);
    free_own(next);
}

/* ---- children ---- */

static void watch(int channel, void *argument) {
    const char *view = argument;
    forked_tell(channel, 1);
    (void)forked_hear(channel);
    EXPECT(view[0] == 'x');
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
}

static void what_a_child_views_stays(void) {
    const shs_pid self = shs_self();
    const shs_handle handle = left_behind(1);
    while (!is_left(handle))
        parallel_pause();
    char *view = block_lock(handle, self, SHS_READ_WRITE);
    struct forked child = forked_start(fork, watch, view);
    CHECK_NUMBER(1, forked_hear(child.channel));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    compact(handle);
    CHECK(!is_moved(handle));
    view = block_lock(handle, self, SHS_READ_WRITE);
    view[0] = 'x';
    forked_tell(child.channel, 1);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&child));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    free_own(handle);
}

/* Gives a block, has a child with a view of it, and ends. */
static void give_and_fork(int channel, void *argument) {
    const shs_handle handle = block_new(1, SIZE, *(const shs_pid *)argument);
    char *view = block_lock(handle, *(const shs_pid *)argument, SHS_READ_WRITE);
    if (fork() == 0) {
        forked_tell(channel, handle);
        (void)forked_hear(channel);
        forked_tell(channel, view[0] == 'x' ? 1 : 2);
        _exit(EXIT_SUCCESS);
    }
}

static void what_a_child_of_the_giver_views_stays(void) {
    shs_pid self = shs_self();
    struct forked giver = forked_start(fork, give_and_fork, &self);
    const shs_handle handle = forked_hear(giver.channel);
    const int channel = dup(giver.channel);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&giver));
    compact(handle);
    CHECK(!is_moved(handle));
    char *view = block_lock(handle, self, SHS_READ_WRITE);
    view[0] = 'x';
    forked_tell(channel, 1);
    CHECK_NUMBER(1, forked_hear(channel));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    free_own(handle);
    close(channel);
}

/* ---- threads ---- */

struct rush {
    shs_handle handles[SOME];
    atomic_bool done;
    atomic_uint failed, freed, counted;
};

/* Count in the block, and beside it: what is written goes where the block goes. */
static void count_in(struct rush *rush, shs_handle handle) {
    void *view = NULL;
    if (shs_lock(handle, shs_self(), SHS_READ_WRITE, &view, NULL) != SHS_OK) {
        atomic_fetch_add(&rush->failed, 1);
        return;
    }
    sched_yield(); /* the view lasts */
    atomic_fetch_add((atomic_uint *)view, 1);
    atomic_fetch_add(&rush->counted, 1);
    if (shs_unlock(view) != SHS_OK) atomic_fetch_add(&rush->failed, 1);
}

static void keep_counting(void *argument) {
    struct rush *rush = argument;
    while (!atomic_load(&rush->done)) {
        for (uint32_t i = 0; i < SOME; i++)
            count_in(rush, rush->handles[i]);
    }
}

/* What the blocks say now, from what they said before. */
static unsigned read_counts(const struct rush *rush) {
    unsigned sum = 0;
    for (uint32_t i = 0; i < SOME; i++) {
        const atomic_uint *view = block_lock(rush->handles[i], shs_self(), SHS_READ);
        sum += atomic_load(view);
        CHECK_STATUS(SHS_OK, shs_unlock((const void *)view));
    }
    return sum;
}

static void keep_listing(void *argument) {
    struct rush *rush = argument;
    while (!atomic_load(&rush->done)) {
        size_t count = 0;
        if (shs_list(shs_self(), NULL, 0, &count) != SHS_OK || count != SOME) atomic_fetch_add(&rush->failed, 1);
    }
}

static void free_all(void *argument) {
    struct rush *rush = argument;
    for (uint32_t i = 0; i < SOME; i++) {
        const shs_status status = shs_free(rush->handles[i], shs_self());
        if (status == SHS_OK) atomic_fetch_add(&rush->freed, 1);
        if (status != SHS_OK && status != SHS_E_HANDLE) atomic_fetch_add(&rush->failed, 1);
    }
}

static void no_thread_notices(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct rush rush = { .failed = 0 };
        for (uint32_t i = 0; i < SOME; i++)
            rush.handles[i] = left_behind(i);
        const unsigned before = read_counts(&rush);
        struct parallel *threads[COUNTERS], *lister = parallel_start(keep_listing, &rush);
        for (size_t i = 0; i < COUNTERS; i++)
            threads[i] = parallel_start(keep_counting, &rush);
        bool all = false;
        while (!all) {
            compact(rush.handles[SOME - 1]);
            all = true;
            for (uint32_t i = 0; i < SOME; i++)
                all = all && is_moved(rush.handles[i]);
        }
        atomic_store(&rush.done, true);
        for (size_t i = 0; i < COUNTERS; i++)
            parallel_join(threads[i]);
        parallel_join(lister);
        CHECK_NUMBER(0, atomic_load(&rush.failed));
        CHECK_NUMBER(before + atomic_load(&rush.counted), read_counts(&rush));
        free_all(&rush);
        CHECK_NUMBER(SOME, atomic_load(&rush.freed));
    }
}

static void each_is_freed_once(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct rush rush = { .failed = 0 };
        for (uint32_t i = 0; i < SOME; i++)
            rush.handles[i] = left_behind(i);
        while (!is_left(rush.handles[SOME - 1]))
            parallel_pause();
        struct parallel *first = parallel_start(free_all, &rush), *second = parallel_start(free_all, &rush);
        shs__compact(current_context());
        parallel_join(first);
        parallel_join(second);
        CHECK_NUMBER(0, atomic_load(&rush.failed));
        CHECK_NUMBER(SOME, atomic_load(&rush.freed));
    }
}

static const struct test tests[] = {
    { "more than descriptors", more_than_descriptors },
    { "a handle leads to its block", a_handle_leads_to_its_block },
    { "a third process sees what was moved", a_third_process_sees_what_was_moved },
    { "what is viewed stays", what_is_viewed_stays },
    { "what was looked up stays", what_was_looked_up_stays },
    { "what a living giver views stays", what_a_living_giver_views_stays },
    { "what has two handles stays", what_has_two_handles_stays },
    { "what was moved gets two handles", what_was_moved_gets_two_handles },
    { "what a child views stays", what_a_child_views_stays },
    { "what a child of the giver views stays", what_a_child_of_the_giver_views_stays },
    { "no thread notices", no_thread_notices },
    { "each is freed once", each_is_freed_once },
};

SUITE("compaction", tests)
