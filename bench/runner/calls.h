/*
 * How many system calls a program of the benchmark makes for its operations, as strace counts them.
 */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#include <stdint.h>

#include "settings.h"

/*
 * The system calls that operations more operations on 64 bytes cost, in all processes and threads of the program
 * together, with those taken away that start it. Returns 0 when there is no strace or it cannot trace.
 */
int calls_count(const struct settings *settings, const char *program, uint64_t operations, long *calls);

#endif
