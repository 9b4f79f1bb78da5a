/*
 * Where memory runs out: threads share what there is, and what fails leaves nothing behind. The linker leads the
 * library's calloc() here, to fail when the test wants; and its waiting, so that a test sees it.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/parallel.h"
#include "support/sizes.h"
#include "support/suite.h"

#define PLENTY INT_MAX
#define FEW 64 /* calls that get memory, which is more than any call makes */

static atomic_int left = PLENTY; /* calls that still get memory */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size) {
    int seen = atomic_load(&left);
    while (seen != PLENTY && seen > 0 && !atomic_compare_exchange_weak(&left, &seen, seen - 1)) {
    }
    return seen == 0 ? NULL : __real_calloc(count, size);
}

static _Atomic(pthread_mutex_t *) watched_lock;
static atomic_bool asks_for_spare, has_yielded;

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_sched_yield(void);
int __wrap_sched_yield(void);

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
    if (mutex == atomic_load(&watched_lock)) atomic_store(&asks_for_spare, true);
    return __real_pthread_mutex_lock(mutex);
}

int __wrap_sched_yield(void) {
    atomic_store(&has_yielded, true);
    return __real_sched_yield();
}

/* ---- threads without memory share one reader ---- */

struct shared {
    const void *view;
    size_t size;
    atomic_bool done;
};

static void look(void *argument) {
    struct shared *shared = argument;
    (void)shs_view_size(shared->view, &shared->size);
    atomic_store(&shared->done, true);
}

static void one_thread_at_a_time_uses_the_spare_reader(void) {
    const shs_handle handle = block_new(1, 100, shs_self());
    void *view = block_lock(handle, shs_self(), SHS_READ_WRITE);
    struct context *context = shs__context_open();
    struct shared shared = { .view = view };
    const uint32_t before = atomic_load(&context->spare.reader.section);
    (void)pthread_mutex_lock(&context->spare_lock); /* as a thread that is inside */
    atomic_store(&asks_for_spare, false);
    atomic_store(&watched_lock, &context->spare_lock);
    atomic_store(&left, 0);
    struct parallel *thread = parallel_start(look, &shared);
    while (!atomic_load(&asks_for_spare) && !atomic_load(&shared.done))
        parallel_pause();
    CHECK(!atomic_load(&shared.done));
    CHECK_NUMBER(before, atomic_load(&context->spare.reader.section));
    (void)pthread_mutex_unlock(&context->spare_lock);
    parallel_join(thread);
    atomic_store(&watched_lock, NULL);
    atomic_store(&left, PLENTY);
    CHECK_NUMBER(100, shared.size);
    CHECK(atomic_load(&context->spare.reader.section) != before); /* it was that reader indeed */
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

/* Something that is taken away while a thread is inside. */
struct watch {
    struct rcu_item item;
    struct thread *spare;
    atomic_bool finished;
    bool was_inside;
};

static bool is_inside(const struct thread *thread) { return (atomic_load(&thread->reader.section) & RCU_INSIDE) != 0; }

static void finish(struct rcu_item *item, void *context) {
    struct watch *watch = (struct watch *)item; /* its first member */
    (void)context;
    watch->was_inside = is_inside(watch->spare);
    atomic_store(&watch->finished, true);
}

static void stay_inside(void *argument) {
    struct watch *watch = argument;
    thread_enter(watch->spare);
    while (!atomic_load(&has_yielded) && !atomic_load(&watch->finished))
        parallel_pause();
    thread_leave(watch->spare);
}

static void the_spare_reader_is_waited_for(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    struct context *context = shs__context_open();
    struct watch watch = { .spare = &context->spare };
    struct parallel *thread = parallel_start(stay_inside, &watch);
    while (!is_inside(watch.spare))
        parallel_pause();
    atomic_store(&has_yielded, false);
    shs__rcu_defer(&context->rcu, &watch.item, finish);
    context_reclaim(context);
    while (!atomic_load(&watch.finished)) /* the server may be the one that does it */
        parallel_pause();
    CHECK(!watch.was_inside);
    parallel_join(thread);
}

/* ---- calls that fail ---- */

static size_t places;

static void count_place(struct segment *segment) { places += segment != NULL; }

/* Pages that lead to a segment. */
static size_t count_places(void) {
    places = 0;
    shs__address_map_each(&shs__context_open()->addresses, count_place);
    return places;
}

/* Numbers for handles that are taken. */
static size_t count_numbers(void) {
    const struct handle_numbers *numbers = &shs__context_open()->numbers;
    size_t count = 0;
    for (uint32_t i = 0; i < INDEX_COUNT; i++)
        count += numbers->used[i / 32] >> i % 32 & 1u;
    return count;
}

/* No view for reading is given out that could not be given back. It lies where no place was noted before. */
static void a_block_is_not_seen_that_cannot_be_found(void) {
    const shs_handle handle = block_new(1, 16 * MIB, shs_self());
    const size_t before = count_places();
    void *view = NULL;
    atomic_store(&left, 0);
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(SHS_E_NO_MEMORY, checked_lock(handle, shs_self(), SHS_READ, &view, NULL));
    atomic_store(&left, PLENTY);
    CHECK(view == NULL);
    CHECK_NUMBER(before, count_places());
    CHECK(block_holds(handle, shs_self(), 1, 16 * MIB));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

/* A call that maps something, with a block that the actor owns. */
struct attempt {
    bool own; /* what it makes is this process's */
    shs_status (*call)(struct child *actor, shs_handle given, shs_handle *made, void **view);
};

static shs_status give(struct child *actor, shs_handle given, shs_handle *made, void **view) {
    (void)given, (void)view;
    return checked_alloc(NULL, MIB, child_pid(actor), made);
}

static shs_status give_small(struct child *actor, shs_handle given, shs_handle *made, void **view) {
    (void)given, (void)view;
    return checked_alloc(NULL, 100, child_pid(actor), made);
}

static shs_status keep(struct child *actor, shs_handle given, shs_handle *made, void **view) {
    (void)actor, (void)given, (void)view;
    return checked_alloc(NULL, 48 * MIB, shs_self(), made); /* where no place was noted before */
}

static shs_status see(struct child *actor, shs_handle given, shs_handle *made, void **view) {
    (void)made;
    return checked_lock(given, child_pid(actor), SHS_READ, view, NULL);
}

/* The call, when so many of its wants for memory are met. False when it went well. */
static bool fails_and_leaves_nothing(const struct attempt *attempt, struct child *actor, shs_handle given, int met) {
    shs_handle made = 0;
    void *view = NULL;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    (void)shs_view_size(&view, &(size_t){ 0 }); /* this thread has what is kept for it */
    CHECK_NUMBER(0, count_places());
    atomic_store(&left, met);
    const shs_status status = attempt->call(actor, given, &made, &view);
    atomic_store(&left, PLENTY);
    CHECK(status == SHS_OK || (status == SHS_E_NO_MEMORY && made == 0 && view == NULL && count_places() == 0));
    CHECK_NUMBER(made != 0 && attempt->own, count_numbers());
    if (made != 0) CHECK_STATUS(SHS_OK, shs_free(made, attempt->own ? shs_self() : child_pid(actor)));
    if (view != NULL) CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK(block_holds(given, child_pid(actor), 1, 100));
    shs_stop();
    return status != SHS_OK;
}

static void check_every_failure(struct attempt attempt) {
    struct child *actor = actor_start_attached();
    shs_handle given = 0;
    int met = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(actor, 1, 100, child_pid(actor), &given));
    while (met < FEW && fails_and_leaves_nothing(&attempt, actor, given, met))
        met++;
    CHECK(met > 0 && met < FEW);
    CHECK_STATUS(SHS_OK, actor_free(actor, given, child_pid(actor)));
    actor_end(actor);
}

static void a_segment_is_given_or_not(void) {
    check_every_failure((struct attempt){ false, give });
    check_every_failure((struct attempt){ false, give_small });
}

static void a_segment_is_made_or_not(void) { check_every_failure((struct attempt){ true, keep }); }

static void a_segment_is_known_or_not(void) { check_every_failure((struct attempt){ false, see }); }

/* A range of addresses leads to its segment from end to end, or not at all. */
static void a_range_is_found_or_not(void) {
    static struct address_map map;
    struct rcu rcu = { 0 };
    static char place;
    struct segment *segment = (struct segment *)(void *)&place;
    const uintptr_t page = (uintptr_t)1 << PAGE_BITS;
    const uintptr_t start = ((uintptr_t)1 << (sizeof(uintptr_t) > 4 ? 40 : 30)) - page,
                    length = 2 * page; /* below two nodes on every level but the first */
    bool done = false;
    REQUIRE(shs__rcu_init(&rcu));
    for (int calls = 0; !done; calls++) {
        atomic_store(&left, calls);
        done = shs__address_map_insert(&map, start, length, segment, &rcu);
        atomic_store(&left, PLENTY);
        CHECK((shs__address_map_find(&map, start) != NULL) == done);
        CHECK((shs__address_map_find(&map, start + length - 1) != NULL) == done);
        CHECK((map.root.used != 0) == done);
        rcu_reclaim(&rcu, NULL);
    }
    shs__address_map_remove(&map, start, length, &rcu);
    CHECK_NUMBER(0, map.root.used);
    rcu_reclaim(&rcu, NULL);
}

static const struct test tests[] = {
    { "one thread at a time uses the spare reader", one_thread_at_a_time_uses_the_spare_reader },
    { "the spare reader is waited for", the_spare_reader_is_waited_for },
    { "a block is not seen that cannot be found", a_block_is_not_seen_that_cannot_be_found },
    { "a range is found, or nothing is left of it", a_range_is_found_or_not },
    { "a segment is given, or nothing is left of it", a_segment_is_given_or_not },
    { "a segment is made, or nothing is left of it", a_segment_is_made_or_not },
    { "a segment is known, or nothing is left of it", a_segment_is_known_or_not },
};

SUITE("scarce", tests)
