/*
 * What is done with the bytes of a block, word by word; reading is sum_words() of support.h. size is a multiple of 8.
 */
#ifndef BENCH_BYTES_H
#define BENCH_BYTES_H

#include <stddef.h>
#include <stdint.h>

void write_words(uint64_t *words, size_t size, uint64_t seed);
void change_words(uint64_t *words, size_t size);

/* The sum of words that were written with seed and then changed so many times. */
uint64_t expected_sum(size_t size, uint64_t seed, unsigned changes);

#endif
