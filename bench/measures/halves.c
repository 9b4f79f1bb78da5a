/*
 * Measure: two processes that know each other, each doing its half. One allocates HALVES_BATCH blocks in the other and
 * tells so by one letter; the other locks, unlocks and frees them and answers. Only the halves are timed, not the
 * letters: what the library costs between two processes when the application's message is taken away.
 *
 * An operation is one block. A second argument tells how many blocks live beside those that are measured.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "halves.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "pair.h"
#include "shared_block.h"
#include "support.h"

static shs_handle *handles; /* in memory that both see: the application's own business */
static shs_pid owner;
static void *source;

static shs_handle alloc_there(size_t size) {
    shs_handle handle = 0;
    expect_ok(shs_alloc(source, size, owner, &handle), "shs_alloc");
    return handle;
}

static uint64_t alloc_half(size_t size) {
    const uint64_t begin = clock_now();
    for (size_t i = 0; i < HALVES_BATCH; i++)
        handles[i] = alloc_there(size);
    return clock_now() - begin;
}

static uint64_t consume_half(void) {
    const uint64_t begin = clock_now();
    for (size_t i = 0; i < HALVES_BATCH; i++)
        consume_block(handles[i], owner, 0);
    return clock_now() - begin;
}

/* Whole batches only: the runner asks for multiples of HALVES_BATCH where it counts exactly. */
static uint64_t use_batches(size_t size, uint64_t count) {
    uint64_t spent = 0;
    uint64_t done = 0;
    do {
        struct letter letter = { .descriptor = NO_DESCRIPTOR };
        spent += alloc_half(size);
        pair_send(&letter);
        if (!pair_receive(&letter)) fail("the owner has ended");
        spent += letter.size;
        done += HALVES_BATCH;
    } while (done < count);
    return spent * count / done;
}

static void serve_as_owner(void) {
    struct letter letter = { .descriptor = NO_DESCRIPTOR };
    pair_send(&letter);
    while (pair_receive(&letter)) {
        letter.size = consume_half();
        pair_send(&letter);
    }
}

static int serve_as_allocator(size_t largest, uint64_t live) {
    struct letter ready;
    if (!pair_receive(&ready)) fail("the owner has ended");
    source = filled_memory(largest);
    for (uint64_t i = 0; i < live; i++)
        alloc_there(largest);
    return answer_runner(use_batches);
}

int main(int argc, char **argv) {
    if (argc < 2) fail("usage: measure-halves LARGEST [LIVE]");
    const size_t largest = (size_t)parse_number(argv[1]);
    const size_t room = HALVES_BATCH * sizeof *handles;
    handles = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (handles == MAP_FAILED) fail("mmap");
    const enum role role = pair_split(&owner);
    start_library(largest);
    if (role == GIVER) return serve_as_allocator(largest, argc > 2 ? parse_number(argv[2]) : 0);
    owner = shs_self();
    serve_as_owner();
    return EXIT_SUCCESS;
}
