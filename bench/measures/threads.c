/*
 * Measure: several threads of one process that allocate in one other process at once. An operation is alloc there and
 * free; the time is that of the wall, from the first thread's start to the last one's end, for all operations of all
 * threads. Not bound to one core: it is about threads that stand in each other's way.
 */
#include <pthread.h>
#include <stdlib.h>

#include "pair.h"
#include "shared_block.h"
#include "support.h"

#define MOST_THREADS 64

struct share {
    size_t size;
    uint64_t count;
};

static shs_pid owner;
static void *source;
static size_t threads;

static void *alloc_and_free(void *argument) {
    const struct share *share = argument;
    for (uint64_t i = 0; i < share->count; i++) {
        shs_handle handle = 0;
        expect_ok(shs_alloc(source, share->size, owner, &handle), "shs_alloc");
        expect_ok(shs_free(handle, owner), "shs_free");
    }
    return NULL;
}

static uint64_t use_threads(size_t size, uint64_t count) {
    struct share share = { .size = size, .count = count / threads + 1 };
    pthread_t all[MOST_THREADS];
    const uint64_t begin = clock_now();
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&all[i], NULL, alloc_and_free, &share) != 0) fail("pthread_create");
    for (size_t i = 0; i < threads; i++)
        pthread_join(all[i], NULL);
    return (clock_now() - begin) * count / (share.count * threads);
}

/* The owner does nothing but be there until the other ends. */
static void be_owner(void) {
    struct letter letter = { .descriptor = NO_DESCRIPTOR };
    pair_send(&letter);
    (void)pair_receive(&letter); /* nobody sends one */
}

int main(int argc, char **argv) {
    if (argc < 3) fail("usage: measure-threads LARGEST THREADS");
    const size_t largest = (size_t)parse_number(argv[1]);
    threads = (size_t)parse_number(argv[2]);
    if (threads == 0 || threads > MOST_THREADS) fail("THREADS");
    const enum role role = pair_split(&owner);
    start_library(largest);
    if (role == TAKER) {
        be_owner();
        return EXIT_SUCCESS;
    }
    struct letter ready;
    if (!pair_receive(&ready)) fail("the owner has ended");
    source = filled_memory(largest);
    return answer_runner(use_threads);
}
