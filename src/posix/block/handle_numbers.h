/*
 * The owner's numbers: which indexes of handles are in use, and the last generation of each.
 *
 * A segment gets a range of indexes when it is registered. Ranges are given out going round, so that it takes longest
 * until a number is used again, and each goes on from its last generation: a handle of an earlier segment means nothing
 * in the next. Everything here is under the context's lock.
 */
#ifndef SHSHARED_BLOCK_HANDLE_NUMBERS_H
#define SHSHARED_BLOCK_HANDLE_NUMBERS_H

#include "block/handle.h"

struct handle_numbers {
    uint32_t cursor;
    uint32_t seed;
    uint32_t used[INDEX_COUNT / 32];
    uint16_t generations[INDEX_COUNT]; /* last generation of an index; 0: never used */
};

/* Start at a random place. */
void shs__handle_numbers_init(struct handle_numbers *numbers, uint32_t seed);

/* A range of free indexes; count is a power of two. False when there is none. */
bool shs__handle_numbers_take(struct handle_numbers *numbers, uint32_t count, uint32_t *base);
void shs__handle_numbers_give(struct handle_numbers *numbers, uint32_t base, uint32_t count);

/* The generation from which an index goes on. */
uint32_t shs__handle_numbers_generation(const struct handle_numbers *numbers, uint32_t index);
void shs__handle_numbers_remember(struct handle_numbers *numbers, uint32_t index, uint32_t generation);

#endif
