/*
 * A program of the benchmark, running: started with pipes, asked for measurements a line each, ended by closing its
 * standard input. All that it says besides goes to standard error.
 */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <stdint.h>
#include <sys/types.h>

#include "answer.h"

#define ANY_CORE (-1)

struct program {
    pid_t pid;
    int questions; /* its standard input */
    int answers;   /* its standard output */
};

/* Start argv on one core, with all processes and threads that it will have, or on ANY_CORE. Returns 0 for failure. */
int program_start(struct program *program, const char *const argv[], int core);

/* Ask for count operations of a size. Returns 0 when the program has failed or did not answer in two minutes. */
int program_ask(struct program *program, uint64_t size, uint64_t count, struct answer *answer);

/* Let it end; kill it when it does not within seconds. Returns its exit status, or -1 when it was killed. */
int program_stop(struct program *program);

#endif
