/*
 * Floor: the letter alone. The application's message and its answer, with no block at all; what is left of another
 * peer's time when this is taken away is the price of its block.
 */
#include "peer.h"

static void give_nothing(const void *data, size_t size, struct letter *letter) {
    (void)data;
    (void)size;
    (void)letter;
}

static uint64_t take_nothing(const struct letter *letter) {
    (void)letter;
    return 0;
}

const struct bench_peer bench_peer = { .give = give_nothing, .take = take_nothing, .empty = 1 };
