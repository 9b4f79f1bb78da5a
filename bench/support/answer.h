/*
 * What a program of the benchmark tells the runner for a question: a line of numbers on standard output. The program
 * writes it and the runner reads it, so both are here.
 */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#include <stdint.h>

#include "tail.h"

/* What a program does not tell is 0. */
struct answer {
    uint64_t nanoseconds; /* of all operations */
    uint64_t busy;        /* nanoseconds of processor time, of all its processes */
    uint64_t held;        /* bytes of shared memory that its processes had */
    struct tail tail;     /* of single blocks, since "0 1" was asked */
};

void answer_write(const struct answer *answer);

/* Returns 0 when the line is no answer. */
int answer_read(const char *line, struct answer *answer);

/* Room for the longest line. */
#define ANSWER_TEXT 256

#endif
