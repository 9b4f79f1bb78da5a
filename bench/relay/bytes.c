/*
 * What is done with the bytes of a block. The sum of what was written can be told without reading it.
 */
#include "bytes.h"

#define STEP 0x9E3779B97F4A7C15u

void write_words(uint64_t *words, size_t size, uint64_t seed) {
    for (size_t i = 0; i < size / sizeof *words; i++)
        words[i] = seed + i;
}

void change_words(uint64_t *words, size_t size) {
    for (size_t i = 0; i < size / sizeof *words; i++)
        words[i] += STEP;
}

uint64_t expected_sum(size_t size, uint64_t seed, unsigned changes) {
    const uint64_t count = size / sizeof(uint64_t);
    return count * (seed + changes * STEP) + count * (count - 1) / 2;
}
