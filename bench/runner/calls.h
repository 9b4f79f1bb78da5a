/*
 * How many system calls a program of the benchmark makes for its operations in steady state, as strace sees them.
 */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#include <stdint.h>

#include "settings.h"

/*
 * The system calls of operations on 64 bytes, in all processes and threads of the program together, after as many were
 * done that everything is warm. recvmsg is not counted: when a wait begins is a matter of luck, and it comes with a
 * sendmsg that is counted. Returns 0 when there is no strace or it cannot trace.
 */
int calls_count(const struct settings *settings, const char *program, uint64_t operations, long *calls);

#endif
