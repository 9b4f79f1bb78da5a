/*
 * Several programs measured against each other, in turns: one short batch of each, and again, many rounds. Whatever
 * else the machine does then hits all of them alike, and ratios hold where absolute times drift.
 */
#ifndef BENCH_CONTEST_H
#define BENCH_CONTEST_H

#include <stddef.h>
#include <stdint.h>

#include "program.h"
#include "samples.h"
#include "settings.h"

enum standing { ABSENT, READY, FAILED };

struct contestant {
    const char *program;  /* file name in the build folder */
    const char *argument; /* beside the largest size; or NULL */
    enum standing standing;
    struct samples samples; /* nanoseconds per operation */
    struct samples busy;    /* processor time of all its processes, where the program tells it */
    struct program process;
    uint64_t batch;    /* operations per sample */
    struct tail tail;  /* of single blocks, where the program tells it */
    double asked_busy; /* processor time of what was asked last */
    double held;       /* most bytes of shared memory, where the program tells it */
};

/* So short that most batches meet no interruption, and so long that the clock and the runner's question are nothing. */
#define CONTEST_BATCH 5e6

struct contest {
    const char *title; /* for the progress line */
    size_t size;       /* bytes of a block */
    int core;          /* or ANY_CORE */
    double batch;      /* nanoseconds that one sample shall take, roughly */
    uint64_t fewest;   /* operations of one sample, at least */
    int tails;         /* the programs tell of tails, which begin when they are warm ("0 1" is asked) */
};

/* Steady state: each program is started once, warmed up, and asked in every round. */
void contest_steady(const struct settings *settings, const struct contest *contest, struct contestant *all,
                    size_t count);

/* The first block of a size: in every round a new process, which has handed over small blocks only. */
void contest_first(const struct settings *settings, const struct contest *contest, struct contestant *all,
                   size_t count);

#endif
