/*
 * How long each cycle of each giver took, where the conductor can read it.
 */
#ifndef BENCH_DIARY_H
#define BENCH_DIARY_H

#include <stdint.h>

/* Before there are several processes. */
void diary_make(unsigned givers);

/* Giver: one cycle more. */
void diary_add(unsigned giver, uint64_t nanoseconds);

/* Conductor, when all givers have answered: tell every time to note, and forget them. */
void diary_read(void (*note)(uint64_t nanoseconds));

#endif
