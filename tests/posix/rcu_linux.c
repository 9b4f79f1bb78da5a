/*
 * Readers, grace periods and what is finished after them; and the fence that a grace period needs.
 *
 * No memory is taken away here: each test says when a reader is inside, and notes when an item is finished. The linker
 * leads the library's fence of all threads here, so that a test sees when it is made, and can be without it; and its
 * pauses, so that a test sees that a grace period waits.
 */
#include "posix/rcu/rcu.h"

#include <sched.h>
#include <stddef.h>
#include <time.h>

#include "support/parallel.h"
#include "support/suite.h"

static atomic_uint fences;
static atomic_bool without_fences;

bool __wrap_shs__membarrier_register(void);
bool __wrap_shs__membarrier_all(void);

bool __wrap_shs__membarrier_register(void) { return !atomic_load(&without_fences); }

bool __wrap_shs__membarrier_all(void) {
    if (atomic_load(&without_fences)) return false;
    atomic_fetch_add(&fences, 1);
    return true;
}

/* ---- what is finished ---- */

/* An item, and what was so when it was finished. */
struct thing {
    struct rcu_item item;
    unsigned finished;
    unsigned fences;   /* made before */
    bool left;         /* the reader that it waited for had left */
    struct rcu *again; /* it is deferred once more */
};

static atomic_bool has_left;

static void finish(struct rcu_item *item, void *context) {
    struct thing *thing = (struct thing *)((char *)item - offsetof(struct thing, item));
    struct rcu *again = thing->again;
    thing->finished++;
    thing->left = atomic_load(&has_left);
    thing->fences = atomic_load(&fences);
    if (again == NULL) return;
    thing->again = NULL;
    shs__rcu_defer(again, item, finish);
    if (context != NULL) rcu_enter(context);
}

static struct rcu *begin(void) {
    static struct rcu rcu;
    rcu = (struct rcu){ 0 };
    atomic_store(&has_left, false);
    atomic_store(&fences, 0);
    REQUIRE(shs__rcu_init(&rcu));
    return &rcu;
}

/* ---- readers that leave in the end ---- */

struct readers {
    struct rcu_reader each[3];
    size_t last; /* the one that leaves last */
};

static bool is_inside(const struct rcu_reader *reader) { return (atomic_load(&reader->section) & RCU_INSIDE) != 0; }

static unsigned count_inside(const struct readers *readers) {
    unsigned inside = 0;
    for (size_t i = 0; i < LENGTH(readers->each); i++)
        inside += is_inside(&readers->each[i]);
    return inside;
}

/* ---- a grace period that waits ---- */

static _Thread_local const struct readers *waited_for; /* of the thread that waits for these */
static atomic_uint inside_at_pause;                    /* how many were inside when it paused last */
static atomic_bool is_over;

int __real_sched_yield(void);
int __wrap_sched_yield(void);
int __real_nanosleep(const struct timespec *time, struct timespec *left);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left);

static void note_pause(void) {
    if (waited_for != NULL) atomic_store(&inside_at_pause, count_inside(waited_for));
}

int __wrap_sched_yield(void) {
    note_pause();
    return __real_sched_yield();
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *left) {
    note_pause();
    return __real_nanosleep(time, left);
}

/* Until it waits for those that are inside now; or never did, and is over. */
static void let_it_wait(const struct readers *readers) {
    while (atomic_load(&inside_at_pause) != count_inside(readers) && !atomic_load(&is_over))
        parallel_pause();
}

/* One after the other, when the last has come in. */
static void leave_late(void *argument) {
    struct readers *readers = argument;
    while (!is_inside(&readers->each[readers->last]))
        parallel_pause();
    for (size_t i = 0; i < LENGTH(readers->each); i++) {
        if (i == readers->last || !is_inside(&readers->each[i])) continue;
        let_it_wait(readers);
        rcu_leave(&readers->each[i]);
    }
    let_it_wait(readers);
    atomic_store(&has_left, true);
    rcu_leave(&readers->each[readers->last]);
}

/* Finish a thing while these readers are inside; late is one that enters only when the thing is finished first. */
static void reclaim_around(struct rcu *rcu, struct thing *thing, struct readers *readers, struct rcu_reader *late) {
    atomic_store(&inside_at_pause, 0);
    atomic_store(&is_over, false);
    struct parallel *leaver = parallel_start(leave_late, readers);
    REQUIRE(leaver != NULL);
    waited_for = readers;
    shs__rcu_defer(rcu, &thing->item, finish);
    rcu_reclaim(rcu, late);
    waited_for = NULL;
    atomic_store(&is_over, true);
    parallel_join(leaver);
    CHECK(thing->left);
}

static void all_readers_inside_are_waited_for(void) {
    struct readers readers = { 0 };
    for (readers.last = 0; readers.last < LENGTH(readers.each); readers.last++) {
        struct rcu *rcu = begin();
        struct thing thing = { 0 };
        for (size_t i = 0; i < LENGTH(readers.each); i++) {
            shs__rcu_add_reader(rcu, &readers.each[i]);
            rcu_enter(&readers.each[i]);
        }
        reclaim_around(rcu, &thing, &readers, NULL);
        CHECK_NUMBER(1, thing.finished);
    }
}

/* One that was removed is forgotten, whatever it does; all others are still there. */
static void a_removed_reader_is_forgotten(void) {
    struct readers readers = { 0 };
    for (size_t i = 0; i < LENGTH(readers.each); i++) {
        struct rcu *rcu = begin();
        struct rcu_reader removed = { 0 };
        struct thing thing = { 0 }, next = { 0 };
        for (size_t j = 0; j < LENGTH(readers.each); j++)
            shs__rcu_add_reader(rcu, j == i ? &removed : &readers.each[j]);
        shs__rcu_remove_reader(rcu, &removed);
        rcu_enter(&removed);
        shs__rcu_defer(rcu, &thing.item, finish);
        rcu_reclaim(rcu, NULL); /* for ever, if it were waited for */
        CHECK_NUMBER(1, thing.finished);
        for (readers.last = 0; readers.last < LENGTH(readers.each); readers.last++) {
            if (readers.last == i) continue;
            atomic_store(&has_left, false);
            rcu_enter(&readers.each[readers.last]);
            reclaim_around(rcu, &next, &readers, NULL);
        }
    }
}

/* A reader can come in after the first grace period, and find what is still there. */
static void what_is_deferred_again_waits_again(void) {
    struct rcu *rcu = begin();
    struct readers readers = { 0 };
    struct thing thing = { .again = rcu };
    shs__rcu_add_reader(rcu, &readers.each[0]);
    reclaim_around(rcu, &thing, &readers, &readers.each[0]);
    CHECK_NUMBER(2, thing.finished);
}

static void all_that_was_deferred_is_finished_once(void) {
    struct thing things[5] = { 0 };
    struct rcu *rcu = begin();
    for (size_t i = 0; i < LENGTH(things); i++)
        shs__rcu_defer(rcu, &things[i].item, finish);
    for (size_t i = 0; i < LENGTH(things); i++)
        CHECK_NUMBER(0, things[i].finished);
    rcu_reclaim(rcu, NULL);
    rcu_reclaim(rcu, NULL);
    for (size_t i = 0; i < LENGTH(things); i++)
        CHECK_NUMBER(1, things[i].finished);
}

/* ---- fences ---- */

/* What a reader stored when it entered is seen only behind a fence: it makes none itself. */
static void a_grace_period_makes_a_fence(void) {
    struct rcu *rcu = begin();
    struct rcu_reader reader = { 0 };
    struct thing thing = { .again = rcu };
    shs__rcu_add_reader(rcu, &reader);
    CHECK(!reader.fenced);
    shs__rcu_defer(rcu, &thing.item, finish);
    rcu_reclaim(rcu, NULL);
    CHECK_NUMBER(2, thing.finished);
    CHECK_NUMBER(2, thing.fences);
}

static void readers_make_their_own_where_the_system_has_none(void) {
    atomic_store(&without_fences, true);
    struct rcu *rcu = begin();
    atomic_store(&without_fences, false);
    struct readers readers = { 0 };
    struct thing thing = { 0 };
    shs__rcu_add_reader(rcu, &readers.each[0]);
    CHECK(readers.each[0].fenced);
    rcu_enter(&readers.each[0]);
    reclaim_around(rcu, &thing, &readers, NULL);
    CHECK_NUMBER(0, thing.fences);
}

/* The one that has not come since may be inside, and nobody would see it. */
static void readers_begin_to_make_their_own_when_the_system_ceases_to(void) {
    struct rcu *rcu = begin();
    struct rcu_reader comes = { 0 }, waits = { 0 };
    struct thing first = { 0 }, second = { 0 };
    shs__rcu_add_reader(rcu, &comes);
    shs__rcu_add_reader(rcu, &waits);
    rcu_enter(&comes);
    rcu_leave(&comes);
    shs__rcu_defer(rcu, &first.item, finish);
    atomic_store(&without_fences, true);
    rcu_reclaim(rcu, NULL);
    CHECK_NUMBER(0, first.finished);
    rcu_enter(&comes);
    rcu_leave(&comes);
    rcu_reclaim(rcu, NULL);
    CHECK_NUMBER(0, first.finished);
    rcu_enter(&waits);
    rcu_leave(&waits);
    rcu_reclaim(rcu, NULL);
    CHECK_NUMBER(1, first.finished);
    shs__rcu_defer(rcu, &second.item, finish);
    rcu_reclaim(rcu, NULL);
    CHECK_NUMBER(1, second.finished);
    atomic_store(&without_fences, false);
}

static const struct test tests[] = {
    { "all readers that are inside are waited for", all_readers_inside_are_waited_for },
    { "a removed reader is forgotten", a_removed_reader_is_forgotten },
    { "what is deferred again waits again", what_is_deferred_again_waits_again },
    { "all that was deferred is finished, once", all_that_was_deferred_is_finished_once },
    { "a grace period makes a fence", a_grace_period_makes_a_fence },
    { "readers make their own fence where the system has none", readers_make_their_own_where_the_system_has_none },
    { "readers begin to make their own when the system ceases to",
      readers_begin_to_make_their_own_when_the_system_ceases_to },
};

SUITE("rcu", tests)
