/*
 * The library itself: shs_alloc in the giver; shs_lock, shs_unlock and shs_free in the taker, who owns the block.
 *
 * Both let it retain enough for two blocks of the largest size: the default of 64 MiB would have it give back blocks
 * of 256 MiB each time.
 */
#include <shshared/shshared.h>

#include "peer.h"
#include "shared_block.h"
#include "support.h"

static shs_pid taker;

static void start(enum role role, uint32_t other, size_t largest) {
    start_library(largest);
    taker = role == GIVER ? other : shs_self();
}

static void give_block(const void *data, size_t size, struct letter *letter) {
    shs_handle handle = 0;
    expect_ok(shs_alloc(data, size, taker, &handle), "shs_alloc");
    letter->handle = handle;
}

static uint64_t take_block(const struct letter *letter) {
    return consume_block((shs_handle)letter->handle, taker, letter->size);
}

const struct bench_peer bench_peer = { .enter = start, .give = give_block, .take = take_block };
