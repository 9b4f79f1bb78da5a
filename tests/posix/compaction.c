/*
 * Blocks of givers that have ended, which are moved together when there is no room for more: as many as there may be,
 * and for whoever has one, or is about to, nothing changes. The linker leads here what is asked before each is moved.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "forked.h"
#include "left_behind.h"
#include "posix/os/process_info.h"
#include "posix/state/context.h"
#include "posix/state/trim.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/pattern.h"
#include "support/suite.h"

#define FEW_DESCRIPTORS 128u
#define MANY (3 * FEW_DESCRIPTORS)
#define SOME 20u

static void more_than_descriptors(void) {
    shs_handle handles[MANY];
    struct rlimit limit;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit few = { .rlim_cur = FEW_DESCRIPTORS, .rlim_max = limit.rlim_max };
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    const unsigned descriptors = (unsigned)current_context()->registry.usage.all.descriptors;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (uint32_t i = 0; i < MANY; i++)
        handles[i] = left_behind(i);
    for (uint32_t i = 0; i < MANY; i++)
        CHECK(block_holds(handles[i], shs_self(), i, LEFT_SIZE));
    CHECK(is_moved(handles[0]));
    for (uint32_t i = 0; i < MANY; i++)
        free_own(handles[i]);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    shs__trim_periodic(current_context());
    CHECK_NUMBER(0, current_context()->arenas.segments);
    CHECK_NUMBER(descriptors, current_context()->registry.usage.all.descriptors);
    CHECK(current_context()->arenas.filling == NULL);
}

/* Is its number no other block's? */
static bool is_taken(shs_handle handle) {
    const uint32_t index = handle_index(handle);
    return (current_context()->numbers.used[index / 32] >> index % 32 & 1) != 0;
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
        CHECK(is_moved(handles[i]) && is_taken(handles[i]));
        CHECK(block_holds(handles[i], shs_self(), i, LEFT_SIZE));
        CHECK_STATUS(SHS_OK, block_status(handles[i], shs_self()));
    }
    CHECK_STATUS(SHS_OK, shs_list(shs_self(), blocks, SOME, &count));
    CHECK_NUMBER(SOME - 1, count);
    for (size_t i = 0; i < count && i < SOME; i++)
        CHECK(blocks[i].size == LEFT_SIZE && blocks[i].giver != shs_self() && blocks[i].writable);
    for (uint32_t i = 1; i < SOME; i++)
        free_own(handles[i]);
}

static uint64_t identity_of(shs_handle handle) {
    struct context *context = shs__context_open();
    context_lock(context);
    const uint64_t identity = handle_table_find(&context->own, handle_index(handle))->identity;
    context_unlock(context);
    return identity;
}

/* The third process maps what others have in it beside the block, and sees what is written there. It tells segments
 * that it has mapped from each other by an identity. */
static void a_third_process_sees_what_was_moved(void) {
    const shs_pid self = shs_self();
    uint64_t view = 0;
    struct child *third = actor_start_attached();
    const shs_handle before = left_behind(1), handle = left_behind(2);
    compact(handle);
    REQUIRE(is_moved(before) && is_moved(handle));
    CHECK(identity_of(before) != identity_of(handle));
    CHECK(actor_sees(third, before, self, 1, LEFT_SIZE));
    CHECK(actor_sees(third, handle, self, 2, LEFT_SIZE));
    CHECK_STATUS(SHS_OK, actor_lock(third, handle, self, SHS_READ_WRITE, &view));
    actor_write(third, view, 3, LEFT_SIZE);
    CHECK(block_holds(handle, self, 3, LEFT_SIZE));
    compact(handle);
    CHECK(actor_matches(third, view, 3, LEFT_SIZE));
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
    memset(own, 0, LEFT_SIZE);
    CHECK(!actor_matches(third, view, 1, LEFT_SIZE));
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
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 1, LEFT_SIZE, self, &handle));
    CHECK_STATUS(SHS_OK, actor_lock(giver, handle, self, SHS_READ, &view));
    (void)actor_ask(giver, (struct actor_request){ .command = ACTOR_STOP });
    compact(handle);
    CHECK(!is_moved(handle));
    char *own = block_lock(handle, self, SHS_READ_WRITE);
    memset(own, 0, LEFT_SIZE);
    CHECK_STATUS(SHS_OK, shs_unlock(own));
    CHECK(!actor_matches(giver, view, 1, LEFT_SIZE));
    CHECK_STATUS(SHS_OK, actor_unlock(giver, view));
    actor_end(giver);
    compact(handle);
    CHECK(is_moved(handle));
    free_own(handle);
}

static shs_handle second_handle(shs_handle handle) {
    shs_handle second = 0;
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, shs_self(), shs_self(), SHS_READ_WRITE, &second));
    return second;
}

static void check_same_memory(shs_handle handle, shs_handle second) {
    CHECK(!is_moved(handle));
    char *view = block_lock(handle, shs_self(), SHS_READ_WRITE);
    view[0] = 'x';
    const char *other = block_lock(second, shs_self(), SHS_READ);
    CHECK(other[0] == 'x');
    CHECK_STATUS(SHS_OK, shs_unlock(other));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    free_own(handle);
    free_own(second);
}

/* A second handle leads to the same memory for ever. */
static void what_has_two_handles_stays(void) {
    const shs_handle handle = left_behind(1), second = second_handle(handle);
    compact(handle);
    check_same_memory(handle, second);
}

static _Thread_local shs_handle about_to_move; /* it gets a second handle meanwhile; 0: none does */
static shs_handle got_meanwhile;

bool __real_shs__process_info_has_ended(uint32_t pid);
bool __wrap_shs__process_info_has_ended(uint32_t pid);

bool __wrap_shs__process_info_has_ended(uint32_t pid) {
    const shs_handle handle = about_to_move;
    about_to_move = 0;
    if (handle != 0) got_meanwhile = second_handle(handle);
    return __real_shs__process_info_has_ended(pid);
}

/* It was found to be movable; its successor is mapped while others may do what they want. */
static void what_gets_another_handle_meanwhile_stays(void) {
    const shs_handle handle = left_behind(1);
    await_left(handle);
    about_to_move = handle;
    compact(handle);
    REQUIRE(about_to_move == 0);
    check_same_memory(handle, got_meanwhile);
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
    CHECK(block_holds(second, self, 1, LEFT_SIZE));
    free_own(second);
    free_own(next);
}

static void give_with_room(int channel, void *argument) {
    const shs_pid owner = *(const shs_pid *)argument;
    shs_handle handle = 0;
    EXPECT_STATUS(SHS_OK, shs_alloc_room("grows", 6, LEFT_SIZE, owner, &handle));
    char *view = block_lock(handle, owner, SHS_READ_WRITE);
    pattern_fill(view, LEFT_SIZE, 7);
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    forked_tell(channel, handle);
}

/* It may have grown into it. */
static void what_was_moved_has_its_room(void) {
    shs_pid self = shs_self();
    struct forked giver = forked_start(fork, give_with_room, &self);
    const shs_handle handle = forked_hear(giver.channel);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&giver));
    compact(handle);
    CHECK(is_moved(handle));
    char *view = block_lock(handle, self, SHS_READ_WRITE);
    CHECK(pattern_matches(view, LEFT_SIZE, 7));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    free_own(handle);
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
    await_left(handle);
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
    const shs_handle handle = block_new(1, LEFT_SIZE, *(const shs_pid *)argument);
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

static const struct test tests[] = {
    { "more than descriptors", more_than_descriptors },
    { "a handle leads to its block", a_handle_leads_to_its_block },
    { "a third process sees what was moved", a_third_process_sees_what_was_moved },
    { "what is viewed stays", what_is_viewed_stays },
    { "what was looked up stays", what_was_looked_up_stays },
    { "what a living giver views stays", what_a_living_giver_views_stays },
    { "what has two handles stays", what_has_two_handles_stays },
    { "what gets another handle meanwhile stays", what_gets_another_handle_meanwhile_stays },
    { "what was moved gets two handles", what_was_moved_gets_two_handles },
    { "what was moved has its room", what_was_moved_has_its_room },
    { "what a child views stays", what_a_child_views_stays },
    { "what a child of the giver views stays", what_a_child_of_the_giver_views_stays },
};

SUITE("compaction", tests)
