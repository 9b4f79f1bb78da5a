/*
 * How much processor time some processes have taken, with all their threads.
 */
#ifndef BENCH_BUSY_H
#define BENCH_BUSY_H

#include <stdint.h>

/* Nanoseconds of all of them together, in the system too. */
uint64_t busy_nanoseconds(const uint32_t *pids, unsigned count);

#endif
