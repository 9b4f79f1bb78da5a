/*
 * How long single cycles of every peer take, the slowest of thousands too: what a median does not tell.
 */
#ifndef BENCH_TAILS_H
#define BENCH_TAILS_H

#include "cycles.h"

#define TAILS_MOST_SIZES 3

struct tails {
    size_t sizes[TAILS_MOST_SIZES];
    size_t size_count;
    struct contestant results[TAILS_MOST_SIZES][PEERS];
};

void tails_measure(const struct settings *settings, struct tails *tails);

#endif
