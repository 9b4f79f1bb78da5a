/*
 * The two sides of a whole cycle, for the process that gives and the one that takes; letters go through pair.h.
 *
 * Every cycle is checked: the giver changes a word of its data and expects the sum of these very bytes from the taker.
 */
#ifndef BENCH_CYCLE_H
#define BENCH_CYCLE_H

#include <stddef.h>
#include <stdint.h>

/* Giver, once: its own data, out of which every block is copied. */
void cycle_begin(size_t largest);

/*
 * Giver: the nanoseconds of count whole cycles. note, unless it is NULL, is told how long each took; the first ones,
 * which bring their data back into the caches, are left out of that.
 */
uint64_t cycle_give(size_t size, uint64_t count, void (*note)(uint64_t nanoseconds));

/* Giver: one cycle more; the bytes of shared memory that both processes have when the taker has read the block. */
uint64_t cycle_look(size_t size);

/* Taker: wait for a block, take it and answer. Returns 0 when the giver has ended. */
int cycle_take(void);

#endif
