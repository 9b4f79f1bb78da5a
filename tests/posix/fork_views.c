/*
 * Views that a forked child inherits: they show the block that was there at the fork, whatever becomes of it in the
 * processes that knew it then, and for as long as the child has them.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "forked.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/pattern.h"
#include "support/suite.h"

#define SIZE 3000
#define LARGE ((size_t)100 * SIZE)
#define FORKS 700 /* more than the segments that a process may own */

struct inherited {
    shs_pid pid; /* of the owner */
    size_t size;
    shs_handle handle;
    void *view;
};

/* Its parent has unlocked and freed the block, and made as many as had been there. */
static void look_at_inherited_view(int channel, void *context) {
    const struct inherited *block = context;
    forked_tell(channel, 1);
    EXPECT(forked_hear(channel) == 2);
    EXPECT(pattern_matches(block->view, block->size, 1));
    pattern_fill(block->view, block->size, 3);
    EXPECT(pattern_matches(block->view, block->size, 3));
    EXPECT_STATUS(SHS_OK, shs_unlock(block->view));
    EXPECT_STATUS(SHS_E_VIEW, shs_unlock(block->view));
}

#define NEXT 50 /* more blocks than there are slots in the segment */

static void use_slots_again(size_t size, shs_pid owner) {
    shs_handle handles[NEXT];
    for (uint32_t i = 0; i < NEXT; i++)
        handles[i] = block_new(100 + i, size, owner);
    for (uint32_t i = 0; i < NEXT; i++) {
        CHECK(block_holds(handles[i], owner, 100 + i, size));
        CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
    }
}

static void check_inherited_view(size_t size, shs_pid owner, bool frees_first) {
    struct inherited block = { .pid = owner, .size = size, .handle = block_new(1, size, owner) };
    block.view = block_lock(block.handle, owner, SHS_READ_WRITE);
    if (frees_first) CHECK_STATUS(SHS_OK, shs_free(block.handle, owner));
    struct forked child = forked_start(fork, look_at_inherited_view, &block);
    CHECK(forked_hear(child.channel) == 1);
    CHECK_STATUS(SHS_OK, shs_unlock(block.view));
    if (!frees_first) CHECK_STATUS(SHS_OK, shs_free(block.handle, owner));
    use_slots_again(size, owner);
    forked_tell(child.channel, 2);
    use_slots_again(size, owner);
    CHECK(forked_wait(&child) == 0);
}

static void inherited_view_shows_its_block(void) {
    static const size_t sizes[] = { 100, SIZE, (size_t)100 * SIZE };
    struct child *other = actor_start_attached();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        check_inherited_view(sizes[i], shs_self(), false);
        check_inherited_view(sizes[i], shs_self(), true);
        check_inherited_view(sizes[i], child_pid(other), false);
        check_inherited_view(sizes[i], child_pid(other), true);
    }
    actor_end(other);
}

/* Of a block that another process has allocated in a third one. */
static void inherited_view_of_a_third_process(void) {
    struct child *giver = actor_start_attached();
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    struct inherited block = { .pid = pid, .size = SIZE };
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 1, SIZE, pid, &block.handle));
    block.view = block_lock(block.handle, pid, SHS_READ_WRITE);
    struct forked child = forked_start(fork, look_at_inherited_view, &block);
    CHECK(forked_hear(child.channel) == 1);
    CHECK_STATUS(SHS_OK, shs_unlock(block.view));
    CHECK_STATUS(SHS_OK, shs_free(block.handle, pid));
    for (uint32_t i = 0; i < NEXT; i++) {
        shs_handle next = 0;
        CHECK_STATUS(SHS_OK, actor_alloc(giver, 100 + i, SIZE, pid, &next));
    }
    forked_tell(child.channel, 2);
    CHECK(forked_wait(&child) == 0);
    actor_end(owner);
    actor_end(giver);
}

static void look_at_an_older_view(int channel, void *context) {
    const struct inherited *block = context;
    size_t size = 0;
    (void)channel;
    EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
    EXPECT_STATUS(SHS_OK, shs_view_size(block->view, &size));
    EXPECT(size == block->size && pattern_matches(block->view, size, 1));
    EXPECT_STATUS(SHS_OK, shs_unlock(block->view));
    EXPECT_STATUS(SHS_E_VIEW, shs_unlock(block->view));
}

/* Both it and its child have begun a life of their own. */
static void fork_again(int channel, void *context) {
    (void)channel;
    EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
    EXPECT(forked_run(look_at_an_older_view, context) == 0);
}

static void inherited_view_is_passed_on(void) {
    struct inherited block = { .pid = shs_self(), .size = SIZE, .handle = block_new(1, SIZE, shs_self()) };
    block.view = block_lock(block.handle, block.pid, SHS_READ_WRITE);
    CHECK(forked_run(fork_again, &block) == 0);
    CHECK_STATUS(SHS_OK, shs_unlock(block.view));
    CHECK_STATUS(SHS_OK, shs_free(block.handle, block.pid));
}

/* What a fork has cost comes back. */
static void fork_with_a_view(size_t size) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(1, size, self);
    void *view = block_lock(handle, self, SHS_READ_WRITE);
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
}

static void forks_use_nothing_up(void) {
    struct leaks before, after;
    fork_with_a_view(LARGE);
    fork_with_a_view(SIZE);
    leaks_measure(&before);
    for (int i = 0; i < FORKS; i++)
        fork_with_a_view(i % 2 == 0 ? LARGE : SIZE);
    leaks_measure(&after);
    CHECK(after.mappings < before.mappings + FORKS / 2);
    CHECK(after.descriptors < before.descriptors + FORKS / 4);
}

static const struct test tests[] = {
    { "an inherited view shows its block for ever", inherited_view_shows_its_block },
    { "an inherited view of a third process does", inherited_view_of_a_third_process },
    { "an inherited view is passed on", inherited_view_is_passed_on },
    { "forks use nothing up", forks_use_nothing_up },
};

SUITE("fork_views", tests)
