/*
 * Forked children: a new process with a new pid, without handles, with the views that it inherited.
 *
 * What a child does must neither hurt its parent nor depend on what other threads of the parent did at that instant.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "forked.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/suite.h"

#define SIZE 3000

/* One block of the parent, with a view. */
struct parents {
    shs_pid pid;
    shs_handle handle;
    void *view;
};

static struct parents parents_block(void) {
    struct parents block = { .pid = shs_self() };
    block.handle = block_new(1, SIZE, block.pid);
    block.view = block_lock(block.handle, block.pid, SHS_READ_WRITE);
    return block;
}

static void parents_done(struct parents *block) {
    CHECK_STATUS(SHS_OK, shs_unlock(block->view));
    CHECK_STATUS(SHS_E_VIEW, shs_unlock(block->view));
    CHECK_STATUS(SHS_OK, shs_free(block->handle, block->pid));
}

/* The whole life of a block in the calling process, which may have been forked from any state. */
static void use_own_block(void) {
    const shs_pid self = shs_self();
    shs_handle handle = 0;
    void *view = NULL;
    EXPECT_STATUS(SHS_OK, shs_alloc("forked", 7, self, &handle));
    EXPECT_STATUS(SHS_OK, shs_lock(handle, self, SHS_READ_WRITE, &view, NULL));
    EXPECT_STATUS(SHS_OK, shs_free(handle, self));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_E_HANDLE, shs_free(handle, self));
}

static void be_new(int channel, void *context) {
    const struct parents *block = context;
    size_t count = 4711;
    void *view = NULL;
    (void)channel;
    EXPECT(shs_self() == (shs_pid)getpid());
    EXPECT_STATUS(SHS_OK, shs_list(shs_self(), NULL, 0, &count));
    EXPECT(count == 0);
    EXPECT_STATUS(SHS_E_HANDLE, shs_lock(block->handle, shs_self(), SHS_READ, &view, NULL));
    use_own_block();
}

static void child_is_new(void) {
    struct parents block = parents_block();
    CHECK(forked_run(be_new, &block) == 0);
    CHECK(shs_self() == block.pid);
    CHECK(block_holds(block.handle, block.pid, 1, SIZE));
    parents_done(&block);
}

static void use_parents_block(int channel, void *context) {
    const struct parents *block = context;
    void *view = NULL;
    (void)channel;
    EXPECT_STATUS(SHS_OK, shs_lock(block->handle, block->pid, SHS_READ_WRITE, &view, NULL));
    EXPECT(pattern_matches(view, SIZE, 1));
    pattern_fill(view, SIZE, 2);
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
}

static void pair_still_works(void) {
    struct parents block = parents_block();
    CHECK(forked_run(use_parents_block, &block) == 0);
    CHECK(pattern_matches(block.view, SIZE, 2));
    parents_done(&block);
}

static void use_inherited_view(int channel, void *context) {
    const struct parents *block = context;
    size_t size = 0;
    (void)channel;
    EXPECT(pattern_matches(block->view, SIZE, 1));
    EXPECT_STATUS(SHS_OK, shs_view_size(block->view, &size));
    EXPECT(size == SIZE);
    pattern_fill(block->view, SIZE, 3);
    EXPECT_STATUS(SHS_OK, shs_unlock(block->view));
    EXPECT_STATUS(SHS_E_VIEW, shs_unlock(block->view));
    use_own_block();
}

static void inherited_view_is_unlocked_in_each(void) {
    struct parents block = parents_block();
    CHECK(forked_run(use_inherited_view, &block) == 0);
    CHECK(pattern_matches(block.view, SIZE, 3));
    CHECK_STATUS(SHS_OK, shs_free(block.handle, block.pid));
    const shs_handle next = block_new(4, SIZE, block.pid);
    CHECK(pattern_matches(block.view, SIZE, 3));
    CHECK_STATUS(SHS_OK, shs_unlock(block.view));
    CHECK_STATUS(SHS_OK, shs_free(next, block.pid));
}

/* Locks of the child on the same block as an inherited view are its own. */
static void lock_beside_inherited_view(int channel, void *context) {
    const struct parents *block = context;
    void *view = NULL;
    (void)channel;
    EXPECT_STATUS(SHS_OK, shs_lock(block->handle, block->pid, SHS_READ, &view, NULL));
    EXPECT_STATUS(SHS_OK, shs_unlock(block->view));
    EXPECT(pattern_matches(view, SIZE, 1));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_E_VIEW, shs_unlock(view));
}

static void child_locks_beside_inherited_view(void) {
    struct parents block = parents_block();
    CHECK(forked_run(lock_beside_inherited_view, &block) == 0);
    parents_done(&block);
}

static void take_a_gift(int channel, void *context) {
    void *view = NULL;
    (void)context;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    forked_tell(channel, shs_self());
    const shs_handle handle = forked_hear(channel);
    EXPECT_STATUS(SHS_OK, shs_lock(handle, shs_self(), SHS_READ, &view, NULL));
    EXPECT(pattern_matches(view, SIZE, 5));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static void child_is_given_a_block(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    struct forked child = forked_start(fork, take_a_gift, NULL);
    CHECK(forked_hear(child.channel) == (uint32_t)child.pid);
    forked_tell(child.channel, block_new(5, SIZE, (shs_pid)child.pid));
    CHECK(forked_wait(&child) == 0);
}

static void only_wait(int channel, void *context) {
    (void)context;
    forked_hear(channel);
}

/* A child that does not call the library has no endpoint, and its parent's is not its. */
static void silent_child_is_not_attached(void) {
    struct parents block = parents_block();
    struct forked child = forked_start(fork, only_wait, NULL);
    CHECK_STATUS(SHS_E_NOT_ATTACHED, shs_probe((shs_pid)child.pid));
    forked_tell(child.channel, 1);
    CHECK(forked_wait(&child) == 0);
    parents_done(&block);
}

static void fork_again(int channel, void *context) {
    (void)channel;
    use_own_block();
    EXPECT(forked_run(be_new, context) == 0);
    use_own_block();
}

static void grandchild_is_new_too(void) {
    struct parents block = parents_block();
    CHECK(forked_run(fork_again, &block) == 0);
    parents_done(&block);
}

static void stop_and_exit(int channel, void *context) {
    (void)channel, (void)context;
    shs_stop();
    exit(0); /* with the exit handlers that it inherited */
}

static void use_stop_and_exit(int channel, void *context) {
    use_own_block();
    stop_and_exit(channel, context);
}

static void exit_at_once(int channel, void *context) {
    (void)channel, (void)context;
    exit(0);
}

/* The endpoint of the parent and all that it owns is still there when the child tidied up. */
static void end_of_child_is_its_own(void) {
    void (*const ends[])(int, void *) = { stop_and_exit, use_stop_and_exit, exit_at_once };
    struct child *other = actor_start_attached();
    struct parents block = parents_block();
    for (size_t i = 0; i < LENGTH(ends); i++) {
        CHECK(forked_run(ends[i], NULL) == 0);
        CHECK(actor_sees(other, block.handle, block.pid, 1, SIZE));
        const struct actor_request probe = { .command = ACTOR_PROBE, .pid = block.pid };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, probe).status);
    }
    actor_end(other);
    struct child *stranger = actor_start_attached();
    CHECK(actor_sees(stranger, block.handle, block.pid, 1, SIZE));
    actor_end(stranger);
    parents_done(&block);
}

/* What it holds of its parent's: before it first calls the library, and after. */
static void hold_nothing(int channel, void *context) {
    const struct leaks *before = context;
    struct leaks now;
    (void)channel;
    leaks_measure(&now);
    EXPECT(now.descriptors == before->descriptors + 1); /* the channel */
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    stop_all(); /* its parent's starts, too */
    leaks_measure(&now);
    EXPECT(now.descriptors == before->descriptors + 1);
    if (now.mappings != before->mappings) leaks_describe();
    EXPECT(now.mappings == before->mappings);
}

static void child_holds_nothing_of_its_parent(void) {
    struct leaks before;
    struct child *other = actor_start_attached();
    leaks_measure(&before);
    const shs_handle own = block_new(1, SIZE, shs_self());
    const shs_handle large = block_new(1, (size_t)100 * SIZE, shs_self());
    const shs_handle given = block_new(1, SIZE, child_pid(other));
    CHECK(actor_sees(other, own, shs_self(), 1, SIZE));
    CHECK(block_holds(given, child_pid(other), 1, SIZE));
    CHECK(forked_run(hold_nothing, &before) == 0);
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(large, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(given, child_pid(other)));
    actor_end(other);
}

struct noise {
    atomic_bool quiet;
    shs_pid owner;
    atomic_uint failures;
};

static void make_noise(void *context) {
    struct noise *noise = context;
    while (!atomic_load(&noise->quiet)) {
        shs_handle handle = 0;
        void *view = NULL;
        const bool fine = shs_alloc("noise", 6, noise->owner, &handle) == SHS_OK &&
                          shs_lock(handle, noise->owner, SHS_READ, &view, NULL) == SHS_OK &&
                          shs_unlock(view) == SHS_OK && shs_free(handle, noise->owner) == SHS_OK;
        if (!fine) atomic_fetch_add(&noise->failures, 1);
    }
}

static void use_all(int channel, void *context) {
    (void)channel;
    use_own_block();
    use_parents_block(channel, context);
}

static void fork_beside(shs_pid noisy) {
    struct parents block = parents_block();
    struct noise noise = { .owner = noisy };
    struct parallel *threads[3];
    for (size_t i = 0; i < LENGTH(threads); i++) {
        threads[i] = parallel_start(make_noise, &noise);
    }
    for (size_t i = 0; i < 100; i++) {
        pattern_fill(block.view, SIZE, 1);
        CHECK(forked_run(use_all, &block) == 0);
    }
    atomic_store(&noise.quiet, true);
    for (size_t i = 0; i < LENGTH(threads); i++) {
        parallel_join(threads[i]);
    }
    CHECK_NUMBER(0, atomic_load(&noise.failures));
    parents_done(&block);
}

static void fork_while_threads_call(void) {
    struct child *other = actor_start_attached();
    fork_beside(shs_self());
    fork_beside(child_pid(other));
    actor_end(other);
}

static void serve_in_the_child(int channel, void *context) {
    (void)channel, (void)context;
    EXPECT(shs_poll_fd() == -1 || shs_probe(shs_self()) == SHS_OK);
    EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
    EXPECT(shs_poll_fd() >= 0);
    EXPECT_STATUS(SHS_OK, shs_dispatch());
    use_own_block();
}

static void child_keeps_the_options(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const int watched = shs_poll_fd();
    CHECK(forked_run(serve_in_the_child, NULL) == 0);
    CHECK(shs_poll_fd() == watched);
}

/* The parent has two: the child may have been made by a part of the program that started for itself. */
static void give_back_what_was_inherited(int channel, void *context) {
    (void)channel, (void)context;
    const shs_handle handle = block_new(1, SIZE, shs_self());
    shs_stop();
    EXPECT(block_holds(handle, shs_self(), 1, SIZE));
    shs_stop();
    EXPECT_STATUS(SHS_E_HANDLE, block_status(handle, shs_self()));
}

static void give_back_before_any_call(int channel, void *context) {
    (void)channel, (void)context;
    shs_stop();
    const shs_handle handle = block_new(1, SIZE, shs_self());
    shs_stop();
    EXPECT_STATUS(SHS_E_HANDLE, block_status(handle, shs_self()));
}

static void child_has_its_parents_starts(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    const shs_handle handle = block_new(1, SIZE, shs_self());
    CHECK(forked_run(give_back_what_was_inherited, NULL) == 0);
    CHECK(forked_run(give_back_before_any_call, NULL) == 0);
    CHECK(block_holds(handle, shs_self(), 1, SIZE));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

/* ---- an application that serves ---- */

/* Can be reached, and never answers. */
static void be_silent(int channel, void *context) {
    (void)context;
    forked_tell(channel, shs_self());
    (void)forked_hear(channel);
}

static void call_the_silent(int channel, void *context) {
    const uint32_t *silent = context;
    shs_handle handle = 0;
    (void)channel;
    EXPECT(shs_alloc(NULL, 1, *silent, &handle) != SHS_OK); /* in the end */
}

/* It serves while it waits: in the first call of its life, too. */
static void first_call_serves(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    options.timeout_ms = 60000;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    struct forked silent = forked_start(fork, be_silent, NULL);
    uint32_t pid = forked_hear(silent.channel);
    struct forked caller = forked_start(fork, call_the_silent, &pid);
    shs_status status = SHS_E_NOT_ATTACHED;
    options.timeout_ms = 2000;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    while (status == SHS_E_NOT_ATTACHED)
        status = shs_probe((shs_pid)caller.pid);
    CHECK_STATUS(SHS_OK, status);
    forked_tell(silent.channel, 1);
    CHECK(forked_wait(&silent) == 0);
    CHECK(forked_wait(&caller) == 0);
}

static const struct test tests[] = {
    { "a child is a new process", child_is_new },
    { "the parent's pair works in the child", pair_still_works },
    { "an inherited view is unlocked in each process", inherited_view_is_unlocked_in_each },
    { "the child locks beside an inherited view", child_locks_beside_inherited_view },
    { "a child is given a block", child_is_given_a_block },
    { "a child that does not call is not attached", silent_child_is_not_attached },
    { "a grandchild is a new process", grandchild_is_new_too },
    { "the end of a child is its own", end_of_child_is_its_own },
    { "a child holds nothing of its parent", child_holds_nothing_of_its_parent },
    { "fork while other threads call", fork_while_threads_call },
    { "a child keeps the options", child_keeps_the_options },
    { "a child has its parent's starts", child_has_its_parents_starts },
    { "a child serves in its first call", first_call_serves },
};

SUITE("fork", tests)
