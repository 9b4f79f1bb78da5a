/*
 * One fault: in which process, which call, the how manieth of a step, why, and for how long.
 *
 * The library of this campaign has its calls to the system led through inject.c, which counts them and lets one fail.
 * The plan lies in memory that all processes of the cast share: the campaign arms it before a step and disarms it after
 * it.
 */
#ifndef TESTS_FAULTS_INJECT_H
#define TESTS_FAULTS_INJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "calls.h"

/* The processes of a scene. */
enum part { OWNER, GIVER, THIRD, CHILD /* of the giver */, PART_COUNT };

struct fault {
    enum part part;
    enum call call; /* CALL_COUNT: none, only count */
    uint32_t nth;   /* from 1 */
    int error;
    bool lasts; /* to the end of the step; an interruption never lasts, but comes many times */
};

struct plan {
    struct fault fault;
    atomic_bool armed;
    atomic_uint struck;
    atomic_uint seen[PART_COUNT][CALL_COUNT];
};

/* What this process is in the plan; it can change in a child. */
void inject_begin(struct plan *shared, enum part part);

const char *call_name(enum call call);

/* The errnos of a call, and how many. */
const int *call_errors(enum call call, uint32_t *count);

#endif
