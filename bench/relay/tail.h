/*
 * How long single blocks took, from their making to the last answer: the time below which 99 of 100 stay.
 */
#ifndef BENCH_TAIL_H
#define BENCH_TAIL_H

#include <stdint.h>

void tail_forget(void);
void tail_add(uint64_t nanoseconds);

/* To a sixteenth of its value; 0 when there were none. */
uint64_t tail_p99(void);

#endif
