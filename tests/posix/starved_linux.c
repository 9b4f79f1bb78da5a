/*
 * Without memory, or without a thread: what cleans up still works, and what was there goes on. The linker leads the
 * library's calloc(), malloc() and pthread_create() here, to fail when the test wants.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "posix/server/server.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/suite.h"

static atomic_bool starved;      /* there is no memory */
static atomic_size_t starved_of; /* there is none for things of this size */
static atomic_bool noteless;     /* there is none for a note */
static atomic_bool alone;        /* there are no threads */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size) {
    return atomic_load(&starved) || size == atomic_load(&starved_of) ? NULL : __real_calloc(count, size);
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size) { return atomic_load(&noteless) ? NULL : __real_malloc(size); }

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    return atomic_load(&alone) ? EAGAIN : __real_pthread_create(thread, attributes, run, argument);
}

struct seen {
    void *view;
    size_t size;
    shs_handle handle, unmade;
    shs_status statuses[6];
};

/* The first calls of a thread, for which the library keeps something. */
static void give_back(void *argument) {
    struct seen *seen = argument;
    void *view = NULL;
    seen->statuses[0] = shs_view_size(seen->view, &seen->size);
    seen->statuses[1] = shs_unlock(seen->view);
    seen->statuses[2] = shs_unlock(seen->view);
    seen->statuses[3] = shs_lock(seen->handle, shs_self(), SHS_READ_WRITE, &view, NULL);
    seen->statuses[4] = shs_unlock(view);
    seen->statuses[5] = shs_alloc(NULL, 1 << 20, shs_self(), &seen->unmade);
}

static void a_view_is_given_back(void) {
    struct seen seen = { .handle = block_new(1, 100, shs_self()) };
    seen.view = block_lock(seen.handle, shs_self(), SHS_READ);
    struct parallel *thread;
    atomic_store(&starved, true);
    thread = parallel_start(give_back, &seen);
    parallel_join(thread);
    atomic_store(&starved, false);
    CHECK_STATUS(SHS_OK, seen.statuses[0]);
    CHECK_NUMBER(100, seen.size);
    CHECK_STATUS(SHS_OK, seen.statuses[1]);
    CHECK_STATUS(SHS_E_VIEW, seen.statuses[2]);
    CHECK_STATUS(SHS_OK, seen.statuses[3]);
    CHECK_STATUS(SHS_OK, seen.statuses[4]);
    CHECK_STATUS(SHS_E_NO_MEMORY, seen.statuses[5]); /* as a proof that there was none */
    CHECK_STATUS(SHS_OK, shs_free(seen.handle, shs_self()));
}

/* The owner takes the segment, and then there is no memory for it here: nor for a note that it is to be told so. The
 * connection must go, in the middle of the call. */
static void a_segment_is_not_wanted_after_all(void) {
    struct child *owner = actor_start_attached();
    shs_handle handle = 4711;
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    atomic_store(&starved, true);
    atomic_store(&noteless, true);
    const shs_status small = checked_alloc(NULL, 100, child_pid(owner), &handle);
    const shs_status large = checked_alloc(NULL, 1 << 20, child_pid(owner), &handle);
    atomic_store(&starved, false);
    atomic_store(&noteless, false);
    CHECK_STATUS(SHS_E_NO_MEMORY, small);
    CHECK_STATUS(SHS_E_NO_MEMORY, large);
    CHECK_NUMBER(4711, handle);
    handle = block_new(1, 100, child_pid(owner));
    CHECK(block_holds(handle, child_pid(owner), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
    actor_end(owner);
}

/* ---- nobody is reached ---- */

/* Each call that has to reach a process first says why it cannot. */
static void try_to_reach(shs_pid pid, shs_handle handle, shs_status statuses[7]) {
    struct shs_block_info info;
    size_t count;
    shs_handle made;
    void *view;
    statuses[0] = checked_probe(pid);
    statuses[1] = checked_wait(pid, 0);
    statuses[2] = checked_list(pid, &info, 1, &count);
    statuses[3] = checked_free(handle, pid);
    statuses[4] = checked_lock(handle, pid, SHS_READ, &view, NULL);
    statuses[5] = checked_map_handle(handle, pid, shs_self(), SHS_READ, &made);
    statuses[6] = checked_alloc("data", 4, pid, &made);
}

static void nobody_is_reached(void) {
    struct child *owner = actor_start_attached();
    const shs_handle handle = block_new(1, 100, shs_self());
    shs_status statuses[7];
    atomic_store(&starved, true);
    try_to_reach(child_pid(owner), handle, statuses);
    atomic_store(&starved, false);
    for (size_t i = 0; i < LENGTH(statuses); i++)
        CHECK_STATUS(SHS_E_NO_MEMORY, statuses[i]);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    actor_end(owner);
}

/* ---- an owner without memory ---- */

static int poor_role(char **arguments) {
    uint32_t order = 1;
    (void)arguments;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    atomic_store(&starved, true);
    EXPECT(parent_send(&order, sizeof order));
    (void)parent_receive(&order, sizeof order);
    atomic_store(&starved, false);
    EXPECT(parent_send(&order, sizeof order));
    (void)parent_receive(&order, sizeof order);
    shs_stop();
    return EXIT_SUCCESS;
}

/* It cannot even take a connection, and that is what it says. */
static void an_owner_without_memory(void) {
    uint32_t order = 0;
    shs_status statuses[7];
    struct child *owner = child_start("poor", NULL);
    const shs_handle handle = block_new(1, 100, shs_self());
    REQUIRE(owner != NULL);
    CHECK(child_receive(owner, &order, sizeof order));
    try_to_reach(child_pid(owner), handle, statuses);
    for (size_t i = 0; i < LENGTH(statuses); i++)
        CHECK_STATUS(SHS_E_LIMIT, statuses[i]);
    CHECK(child_send(owner, &order, sizeof order) && child_receive(owner, &order, sizeof order));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    CHECK(child_send(owner, &order, sizeof order));
    CHECK(child_wait(owner) == 0);
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

/* ---- the spare thread ---- */

static void give_and_take(void *argument) {
    atomic_uint *good = argument;
    for (uint32_t i = 0; i < 100; i++) {
        shs_handle handle = 0;
        void *view = NULL;
        if (shs_alloc("spare", 6, shs_self(), &handle) != SHS_OK) continue;
        if (shs_lock(handle, shs_self(), SHS_READ, &view, NULL) != SHS_OK || shs_unlock(view) != SHS_OK) continue;
        if (shs_free(handle, shs_self()) == SHS_OK) atomic_fetch_add(good, 1);
    }
}

/* Threads that the library keeps nothing for share one record, between two steps of a call, too: it has no leases. */
static void threads_without_a_record(void) {
    atomic_uint good = 0;
    const struct context *context = shs__context_open();
    REQUIRE(context != NULL);
    atomic_store(&starved_of, sizeof(struct thread));
    parallel_run(4, give_and_take, &good);
    atomic_store(&starved_of, 0);
    CHECK_NUMBER(400, atomic_load(&good));
    for (size_t i = 0; i < LEASES; i++)
        CHECK(atomic_load(&context->spare.leases[i].segment) == NULL);
}

/* ---- an application that serves ---- */

static int lonely_role(char **arguments) {
    struct shs_options options = SHS_OPTIONS_INIT;
    uint32_t ready = 1;
    (void)arguments;
    options.service = SHS_SERVE_APPLICATION;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
    const int descriptor = shs_poll_fd();
    atomic_store(&alone, true);
    options.service = SHS_SERVE_THREAD;
    EXPECT_STATUS(SHS_E_LIMIT, checked_start(&options));
    atomic_store(&alone, false);
    EXPECT(shs_poll_fd() == descriptor);
    EXPECT(current_context()->server->service == SHS_SERVE_APPLICATION); /* its timer is set anew, and nothing naps */
    EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
    EXPECT(parent_send(&ready, sizeof ready));
    while (!parent_wait(descriptor))
        EXPECT_STATUS(SHS_OK, shs_dispatch());
    shs_stop();
    return EXIT_SUCCESS;
}

static void an_application_goes_on_serving(void) {
    uint32_t ready = 0;
    struct child *owner = child_start("lonely", NULL);
    REQUIRE(owner != NULL);
    CHECK(child_receive(owner, &ready, sizeof ready));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    const shs_handle handle = block_new(1, 100, child_pid(owner));
    CHECK(block_holds(handle, child_pid(owner), 1, 100));
    (void)child_send(owner, &ready, sizeof ready);
    CHECK(child_wait(owner) == 0);
}

static const struct test tests[] = {
    { "a view is given back without memory", a_view_is_given_back },
    { "a segment is not wanted after all", a_segment_is_not_wanted_after_all },
    { "nobody is reached without memory", nobody_is_reached },
    { "an owner without memory", an_owner_without_memory },
    { "threads for which there is no memory", threads_without_a_record },
    { "an application serves on when there is no thread", an_application_goes_on_serving },
};

static const struct role roles[] = { { "poor", poor_role }, { "lonely", lonely_role } };

SUITE_WITH_ROLES("starved", tests, roles, LENGTH(roles))
