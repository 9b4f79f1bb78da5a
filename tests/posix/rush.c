/*
 * Blocks that are moved while threads are at work on them: nobody notices.
 */
#include <sched.h>
#include <stdatomic.h>

#include "left_behind.h"
#include "posix/state/context.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

#define SOME 20u
#define ROUNDS 3u
#define COUNTERS 3u

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

static void begin(struct rush *rush) {
    *rush = (struct rush){ .failed = 0 };
    for (uint32_t i = 0; i < SOME; i++)
        rush->handles[i] = left_behind(i);
}

static void no_thread_notices(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct rush rush;
        begin(&rush);
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
        struct rush rush;
        begin(&rush);
        await_left(rush.handles[SOME - 1]);
        struct parallel *first = parallel_start(free_all, &rush), *second = parallel_start(free_all, &rush);
        shs__compact(current_context());
        parallel_join(first);
        parallel_join(second);
        CHECK_NUMBER(0, atomic_load(&rush.failed));
        CHECK_NUMBER(SOME, atomic_load(&rush.freed));
    }
}

static const struct test tests[] = {
    { "no thread notices", no_thread_notices },
    { "each is freed once", each_is_freed_once },
};

SUITE("rush", tests)
