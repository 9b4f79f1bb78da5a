/*
 * Measure: one process with blocks of its own. An operation is alloc, lock, unlock and free of one block, in steady
 * state: what the library costs when nobody else is there. A second argument tells how many blocks live beside it.
 */
#include <stdlib.h>

#include "shared_block.h"
#include "support.h"

static void *source;

static shs_handle alloc_own(size_t size) {
    shs_handle handle = 0;
    expect_ok(shs_alloc(source, size, shs_self(), &handle), "shs_alloc");
    return handle;
}

static uint64_t use_own_blocks(size_t size, uint64_t count) {
    const uint64_t begin = clock_now();
    for (uint64_t i = 0; i < count; i++)
        consume_block(alloc_own(size), shs_self(), 0);
    return clock_now() - begin;
}

int main(int argc, char **argv) {
    if (argc < 2) fail("usage: measure-own LARGEST [LIVE]");
    const size_t largest = (size_t)parse_number(argv[1]);
    const uint64_t live = argc > 2 ? parse_number(argv[2]) : 0;
    start_library(largest);
    source = filled_memory(largest);
    for (uint64_t i = 0; i < live; i++)
        alloc_own(largest);
    return answer_runner(use_own_blocks);
}
