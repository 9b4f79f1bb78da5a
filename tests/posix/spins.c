/*
 * A thread that waits for another one which is in the middle of something short: it does not keep the processor from
 * it, whatever their priorities. The linker leads the library's giving way and sleeping here.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "posix/rcu/rcu.h"
#include "posix/state/context.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

#define YIELDS_MOST 1000 /* of one wait; more than that would be for ever, where the other thread has no processor */
#define BUSY (UINT32_C(1) << 31)

static atomic_uint yields, sleeps; /* of another thread than the test's */
static pthread_t test_thread;

static void note(atomic_uint *what) {
    if (!pthread_equal(pthread_self(), test_thread)) atomic_fetch_add(what, 1);
}

int __real_sched_yield(void);
int __wrap_sched_yield(void);
int __real_nanosleep(const struct timespec *time, struct timespec *rest);
int __wrap_nanosleep(const struct timespec *time, struct timespec *rest);

int __wrap_sched_yield(void) {
    note(&yields);
    return __real_sched_yield();
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *rest) {
    note(&sleeps);
    return __real_nanosleep(time, rest);
}

static void begin(void) {
    test_thread = pthread_self();
    atomic_store(&yields, 0);
    atomic_store(&sleeps, 0);
}

/* Until the other thread has slept, or has given way too often. */
static void check_that_it_sleeps(void) {
    while (atomic_load(&sleeps) == 0 && atomic_load(&yields) <= YIELDS_MOST)
        parallel_pause();
    CHECK(atomic_load(&sleeps) > 0);
}

static atomic_int status;

static void unlock(void *view) { atomic_store(&status, (int)shs_unlock(view)); }

static void a_count_that_another_thread_changes(void) {
    const shs_handle handle = block_new(1, 100, shs_self());
    void *view = block_lock(handle, shs_self(), SHS_READ_WRITE);
    struct context *context = shs__context_open();
    struct segment *segment = shs__address_map_find(&context->addresses, (uintptr_t)view);
    REQUIRE(segment != NULL);
    const size_t slot =
        (size_t)((unsigned char *)view - atomic_load(&segment->data)) / (size_t)segment->geometry.stride;
    const uint32_t count =
        atomic_exchange(&segment->views[slot], BUSY); /* as a thread in the middle of its last view */
    begin();
    struct parallel *thread = parallel_start(unlock, view);
    check_that_it_sleeps();
    atomic_store(&segment->views[slot], count);
    parallel_join(thread);
    CHECK_STATUS(SHS_OK, (shs_status)atomic_load(&status));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static void finish(struct rcu_item *item, void *context) { (void)item, (void)context; }

static void reclaim(void *rcu) { rcu_reclaim(rcu, NULL); }

static void a_reader_that_is_inside(void) {
    struct rcu rcu = { 0 };
    struct rcu_reader reader = { 0 };
    struct rcu_item item = { 0 };
    REQUIRE(shs__rcu_init(&rcu));
    shs__rcu_add_reader(&rcu, &reader);
    rcu_enter(&reader);
    shs__rcu_defer(&rcu, &item, finish);
    begin();
    struct parallel *thread = parallel_start(reclaim, &rcu);
    check_that_it_sleeps();
    rcu_leave(&reader);
    parallel_join(thread);
}

static const struct test tests[] = {
    { "a count that another thread changes", a_count_that_another_thread_changes },
    { "a reader that is inside", a_reader_that_is_inside },
};

SUITE("spins", tests)
