/*
 * Children made by the bare system call: no fork handler of any library runs in them.
 *
 * Nothing else of the parent runs at that moment, as the C library's own locks would not survive it.
 */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "forked.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/pattern.h"
#include "support/suite.h"

#define SIZE 3000

static pid_t clone_process(void) { return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }

struct inherited {
    shs_pid parent;
    shs_handle handle;
    void *view;
    struct leaks before;
};

static void use_everything(int channel, void *context) {
    const struct inherited *inherited = context;
    const shs_pid self = shs_self();
    size_t count = 4711;
    void *view = NULL;
    (void)channel;
    EXPECT(self == (shs_pid)getpid() && self != inherited->parent);
    EXPECT_STATUS(SHS_OK, shs_list(self, NULL, 0, &count));
    EXPECT(count == 0);
    EXPECT_STATUS(SHS_OK, shs_lock(inherited->handle, inherited->parent, SHS_READ, &view, NULL));
    EXPECT(pattern_matches(view, SIZE, 1));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT(pattern_matches(inherited->view, SIZE, 1));
    EXPECT_STATUS(SHS_OK, shs_unlock(inherited->view));
    EXPECT_STATUS(SHS_E_VIEW, shs_unlock(inherited->view));
}

static void ask(int channel, void *context) {
    (void)channel;
    EXPECT_STATUS(SHS_OK, shs_probe(*(const shs_pid *)context));
}

/* Until its service thread has answered somebody: as it begins, it may hold a lock of malloc()'s, which a child that no
 * handler prepares would never get. */
static void start_and_be_asked(void) {
    shs_pid self = shs_self();
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK(forked_run(ask, &self) == 0);
}

static void check_child(shs_pid owner) {
    struct inherited inherited = { .parent = owner };
    inherited.handle = block_new(1, SIZE, owner);
    inherited.view = block_lock(inherited.handle, owner, SHS_READ_WRITE);
    struct forked child = forked_start(clone_process, use_everything, &inherited);
    CHECK(forked_wait(&child) == 0);
    CHECK(block_holds(inherited.handle, owner, 1, SIZE));
    CHECK_STATUS(SHS_OK, shs_unlock(inherited.view));
    CHECK_STATUS(SHS_OK, shs_free(inherited.handle, owner));
}

static void a_cloned_child_is_new(void) {
    start_and_be_asked();
    check_child(shs_self());
}

static void a_cloned_child_of_a_giver(void) {
    struct child *other = actor_start_attached();
    start_and_be_asked();
    check_child(child_pid(other));
    actor_end(other);
}

static void only_call(int channel, void *context) {
    const struct leaks *before = context;
    struct leaks now;
    (void)channel;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    stop_all(); /* its parent's starts, too */
    leaks_measure(&now);
    EXPECT(now.descriptors == before->descriptors + 1 && now.mappings == before->mappings);
}

/* With its first call it lets go of what it inherited. */
static void a_cloned_child_holds_nothing(void) {
    struct leaks before;
    leaks_measure(&before);
    start_and_be_asked();
    const shs_handle handle = block_new(1, SIZE, shs_self());
    struct forked child = forked_start(clone_process, only_call, &before);
    CHECK(forked_wait(&child) == 0);
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static const struct test tests[] = {
    { "a cloned child is a new process", a_cloned_child_is_new },
    { "a cloned child of a giver", a_cloned_child_of_a_giver },
    { "a cloned child holds nothing of its parent", a_cloned_child_holds_nothing },
};

SUITE("clone", tests)
