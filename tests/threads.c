/*
 * Many threads at once over all functions, in this process and against another.
 *
 * Each thread works on blocks of its own and counts what goes wrong; whoever builds with a thread sanitizer sees more.
 */
#include <stdatomic.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/suite.h"
#include "support/system.h"

#define THREADS 8
#define ROUNDS 200
#define LIVE 8

/* What the threads of one test share. */
struct crew {
    shs_pid owner;
    atomic_uint next_number;
    atomic_uint failures;
    bool mixed; /* a number may lead to another thread's block: what is in it says nothing */
};

static void expect(struct crew *crew, bool condition) {
    if (!condition) atomic_fetch_add(&crew->failures, 1);
}

static size_t size_of(uint32_t pattern) { return pattern % 7 == 0 ? 70000 : pattern % 600 + 1; }

static shs_status make(const struct crew *crew, uint32_t pattern, shs_handle *handle) {
    static _Thread_local unsigned char data[70000];
    pattern_fill(data, size_of(pattern), pattern);
    return shs_alloc(data, size_of(pattern), crew->owner, handle);
}

static shs_handle thread_alloc(struct crew *crew, uint32_t pattern) {
    shs_handle handle = 0;
    expect(crew, make(crew, pattern, &handle) == SHS_OK);
    return handle;
}

static void thread_read(struct crew *crew, shs_handle handle, uint32_t pattern) {
    void *view = NULL;
    size_t size = 0;
    const shs_status status = shs_lock(handle, crew->owner, SHS_READ, &view, &size);
    expect(crew, status == SHS_OK);
    if (status != SHS_OK) return;
    expect(crew, size == size_of(pattern));
    expect(crew, shs_view_size(view, &size) == SHS_OK && size == size_of(pattern));
    expect(crew, pattern_matches(view, size, pattern));
    expect(crew, shs_unlock(view) == SHS_OK);
}

static void thread_map(struct crew *crew, shs_handle handle, uint32_t pattern) {
    shs_handle second = 0;
    const shs_status status = shs_map_handle(handle, crew->owner, crew->owner, SHS_READ, &second);
    expect(crew, status == SHS_OK);
    if (status != SHS_OK) return;
    thread_read(crew, second, pattern);
    expect(crew, shs_free(second, crew->owner) == SHS_OK);
}

static void blocks_come_and_go(void *argument) {
    struct crew *crew = argument;
    shs_handle handles[LIVE] = { 0 };
    uint32_t patterns[LIVE] = { 0 };
    size_t count = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t i = round % LIVE;
        if (handles[i] != 0) thread_read(crew, handles[i], patterns[i]);
        expect(crew, shs_free(handles[i], crew->owner) == SHS_OK);
        patterns[i] = atomic_fetch_add(&crew->next_number, 1) + 1;
        handles[i] = thread_alloc(crew, patterns[i]);
        if (round % 16 == 0) thread_map(crew, handles[i], patterns[i]);
        if (round % 50 == 0) expect(crew, shs_list(crew->owner, NULL, 0, &count) == SHS_OK && count > 0);
        if (round % 50 == 1) expect(crew, shs_probe(crew->owner) == SHS_OK);
    }
    for (size_t i = 0; i < LIVE; i++) {
        expect(crew, shs_free(handles[i], crew->owner) == SHS_OK);
    }
}

static void run_crew(shs_pid owner) {
    struct crew crew = { .owner = owner };
    size_t count = 0;
    parallel_run(THREADS, blocks_come_and_go, &crew);
    CHECK_NUMBER(0, atomic_load(&crew.failures));
    CHECK_STATUS(SHS_OK, shs_list(owner, NULL, 0, &count));
    CHECK_NUMBER(0, count);
}

static void within_one_process(void) { run_crew(shs_self()); }

static void against_another_process(void) {
    struct child *owner = actor_start_attached();
    run_crew(child_pid(owner));
    actor_end(owner);
}

/* What holds no block is given up at once, by every thread that makes a segment: a new one must not go that way before
 * its first block is there. */
static void make_and_free(void *argument) {
    struct crew *crew = argument;
    for (size_t round = 0; round < ROUNDS; round++) {
        const shs_handle handle = thread_alloc(crew, (uint32_t)round);
        expect(crew, shs_free(handle, crew->owner) == SHS_OK);
    }
}

static void nothing_is_kept(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *owner = actor_start_attached();
    struct crew crew = { .owner = child_pid(owner) };
    options.retain = SHS_RETAIN_NOTHING;
    options.timeout_ms = 60000;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    parallel_run(THREADS, make_and_free, &crew);
    CHECK_NUMBER(0, atomic_load(&crew.failures));
    stop_all();
    actor_end(owner);
}

/* All threads lock and unlock one block; it is freed while they do. */
struct shared_block {
    struct crew crew;
    shs_handle handle;
};

static void lock_until_freed(void *argument) {
    struct shared_block *block = argument;
    shs_status status = SHS_OK;
    while (status == SHS_OK) { /* the time limit of the test stands behind it */
        void *view = NULL;
        status = shs_lock(block->handle, block->crew.owner, SHS_READ, &view, NULL);
        if (status != SHS_OK) break;
        expect(&block->crew, pattern_matches(view, 100, 1));
        expect(&block->crew, shs_unlock(view) == SHS_OK);
    }
    expect(&block->crew, status == SHS_E_HANDLE);
}

static void free_while_others_lock(shs_pid owner) {
    struct shared_block block = { .crew = { .owner = owner }, .handle = block_new(1, 100, owner) };
    struct parallel *threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        threads[i] = parallel_start(lock_until_freed, &block);
    }
    for (size_t i = 0; i < 20; i++) {
        CHECK(block_holds(block.handle, owner, 1, 100));
    }
    CHECK_STATUS(SHS_OK, shs_free(block.handle, owner));
    for (size_t i = 0; i < THREADS; i++) {
        parallel_join(threads[i]);
    }
    CHECK_NUMBER(0, atomic_load(&block.crew.failures));
}

static void freed_under_the_eyes_of_threads(void) {
    free_while_others_lock(shs_self());
    struct child *owner = actor_start_attached();
    free_while_others_lock(child_pid(owner));
    actor_end(owner);
}

/* Many threads free one handle: exactly one of them does it. */
static void free_once(void *argument) {
    struct shared_block *block = argument;
    const shs_status status = shs_free(block->handle, block->crew.owner);
    if (status == SHS_OK) atomic_fetch_add(&block->crew.next_number, 1);
    expect(&block->crew, status == SHS_OK || status == SHS_E_HANDLE);
}

static void a_handle_is_freed_once(void) {
    for (uint32_t i = 0; i < 50; i++) {
        struct shared_block block = { .crew = { .owner = shs_self() }, .handle = block_new(i, 100, shs_self()) };
        parallel_run(THREADS, free_once, &block);
        CHECK_NUMBER(1, atomic_load(&block.crew.next_number));
        CHECK_NUMBER(0, atomic_load(&block.crew.failures));
    }
}

/* Every thread ends with whatever it cached; the next generation of threads goes on. */
static void threads_come_and_go(void) {
    for (size_t generation = 0; generation < 20; generation++) {
        struct crew crew = { .owner = shs_self() };
        parallel_run(2, blocks_come_and_go, &crew);
        CHECK_NUMBER(0, atomic_load(&crew.failures));
    }
}

static void start_and_stop_many_times(void) {
    struct child *other = actor_start_attached();
    for (uint32_t i = 0; i < 100; i++) {
        CHECK_STATUS(SHS_OK, shs_start(NULL));
        const shs_handle own = block_new(i, 100, shs_self());
        const shs_handle given = block_new(i, 100, child_pid(other));
        CHECK(block_holds(own, shs_self(), i, 100));
        CHECK(actor_sees(other, own, shs_self(), i, 100));
        CHECK_STATUS(SHS_OK, actor_free(other, given, child_pid(other)));
        shs_stop();
    }
    actor_end(other);
}

static void first_calls_race(void *argument) {
    struct crew *crew = argument;
    expect(crew, shs_probe(shs_self()) == SHS_OK);
}

static void many_threads_start_it(void) {
    for (size_t i = 0; i < 50; i++) {
        struct crew crew = { .owner = 0 };
        parallel_run(THREADS, first_calls_race, &crew);
        CHECK_NUMBER(0, atomic_load(&crew.failures));
        shs_stop();
    }
}

/* What lived here may be gone at any moment, and so may what a call has just begun: the header names what it can say.
 * Each stop puts the time limit back to two seconds, for which a busy machine may hold a process up. */
static bool ended_or_fine(shs_status status) {
    return status == SHS_OK || status == SHS_E_HANDLE || status == SHS_E_NOT_ATTACHED || status == SHS_E_PROTOCOL ||
           status == SHS_E_TIMEOUT;
}

static void calls_go_on(void *argument) {
    struct crew *crew = argument;
    for (size_t round = 0; round < ROUNDS; round++) {
        const uint32_t pattern = (uint32_t)round + 1;
        shs_handle handle = 0, second = 0;
        size_t size = 0, count = 0;
        void *view = NULL;
        expect(crew, ended_or_fine(make(crew, pattern, &handle)));
        const shs_status locked = shs_lock(handle, crew->owner, SHS_READ, &view, &size);
        expect(crew, ended_or_fine(locked));
        expect(crew, ended_or_fine(shs_map_handle(handle, crew->owner, crew->owner, SHS_READ, &second)));
        if (locked == SHS_OK && !crew->mixed)
            expect(crew, size == size_of(pattern) && pattern_matches(view, size, pattern));
        expect(crew, ended_or_fine(shs_free(handle, crew->owner)));
        expect(crew, ended_or_fine(shs_free(second, crew->owner)));
        expect(crew, ended_or_fine(shs_list(crew->owner, NULL, 0, &count)));
        expect(crew, ended_or_fine(shs_probe(crew->owner)));
        if (locked == SHS_OK) expect(crew, shs_unlock(view) == SHS_OK);
    }
    atomic_fetch_add(&crew->next_number, 1);
}

/* It is stopped, and started by the next call, until all have done their rounds. */
static void stop_while_others_call(shs_pid owner, bool mixed) {
    struct crew crew = { .owner = owner, .mixed = mixed };
    struct parallel *threads[4];
    for (size_t i = 0; i < LENGTH(threads); i++)
        threads[i] = parallel_start(calls_go_on, &crew);
    while (atomic_load(&crew.next_number) < LENGTH(threads)) {
        shs_stop();
        parallel_pause();
    }
    for (size_t i = 0; i < LENGTH(threads); i++)
        parallel_join(threads[i]);
    CHECK_NUMBER(0, atomic_load(&crew.failures));
}

static void stopped_while_threads_call(void) {
    const bool mixed = !system_keeps_handles_apart();
    stop_while_others_call(shs_self(), mixed);
    struct child *owner = actor_start_attached();
    stop_while_others_call(child_pid(owner), mixed);
    actor_end(owner);
}

static const struct test tests[] = {
    { "all functions within one process", within_one_process },
    { "all functions against another process", against_another_process },
    { "no memory is kept", nothing_is_kept },
    { "a block is freed while threads lock it", freed_under_the_eyes_of_threads },
    { "a handle is freed once", a_handle_is_freed_once },
    { "threads come and go", threads_come_and_go },
    { "start and stop many times", start_and_stop_many_times },
    { "first calls race", many_threads_start_it },
    { "it is stopped while threads call", stopped_while_threads_call },
};

SUITE("threads", tests)
