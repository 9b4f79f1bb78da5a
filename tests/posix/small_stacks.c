/*
 * Threads with the smallest stack that the system makes: every call fits there, the first one, too.
 */
#include <limits.h>
#include <pthread.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/sizes.h"
#include "support/suite.h"

/* Where nothing is optimized, as while one looks for a defect, calls take more. */
#ifdef __OPTIMIZE__
#define STACK ((size_t)PTHREAD_STACK_MIN)
#else
#define STACK ((size_t)PTHREAD_STACK_MIN + 64 * KIB)
#endif

struct work {
    shs_pid other;
    shs_status statuses[12];
};

static void *call_all(void *argument) {
    struct work *work = argument;
    shs_status *status = work->statuses;
    struct shs_block_info listed;
    shs_handle own = 0, given = 0, mapped = 0;
    void *view = NULL;
    size_t size = 0;
    *status++ = shs_alloc(NULL, 100, shs_self(), &own);
    *status++ = shs_lock(own, shs_self(), SHS_READ, &view, &size);
    *status++ = shs_unlock(view);
    *status++ = shs_probe(work->other);
    *status++ = shs_alloc(NULL, MIB, work->other, &given);
    *status++ = shs_map_handle(own, shs_self(), work->other, SHS_READ, &mapped);
    *status++ = shs_lock(mapped, work->other, SHS_READ, &view, &size);
    *status++ = shs_unlock(view);
    *status++ = shs_list(work->other, &listed, 1, &size);
    *status++ = shs_free(mapped, work->other);
    *status++ = shs_free(given, work->other);
    *status++ = shs_free(own, shs_self());
    return NULL;
}

static void every_call(void) {
    struct child *other = actor_start_attached();
    struct work work = { .other = child_pid(other) };
    pthread_attr_t small;
    pthread_t thread;
    REQUIRE(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, STACK) == 0);
    REQUIRE(pthread_create(&thread, &small, call_all, &work) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&small);
    for (size_t i = 0; i < LENGTH(work.statuses); i++)
        CHECK_STATUS(SHS_OK, work.statuses[i]);
    actor_end(other);
}

static const struct test tests[] = {
    { "every call", every_call },
};

SUITE("small_stacks", tests)
