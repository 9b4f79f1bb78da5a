/*
 * Whole cycles of many givers with one owner at once, for the peers that can do it without being another program.
 */
#ifndef BENCH_CROWDS_H
#define BENCH_CROWDS_H

#include "contest.h"
#include "settings.h"

#define CROWDS_ENTRIES 9
#define CROWDS_NUMBERS 3
#define CROWDS_SIZES 2

struct crowds {
    struct contestant results[CROWDS_NUMBERS][CROWDS_SIZES][CROWDS_ENTRIES];
};

void crowds_measure(const struct settings *settings, struct crowds *crowds);

/* How many givers, and bytes of a block. */
unsigned crowds_givers(size_t number);
size_t crowds_size(size_t size);

/* Entry 0 is shshared. */
const char *crowds_title(size_t entry);

#endif
