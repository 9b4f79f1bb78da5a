/*
 * The figures that shshared is built to reach, each measured and judged: a row for every number, and some rows without
 * a target that help to understand the others.
 */
#ifndef BENCH_TARGETS_H
#define BENCH_TARGETS_H

#include "cycles.h"
#include "relays.h"
#include "settings.h"

enum outcome { MET, NOT_MET, SKIPPED, SHOWN };

struct target {
    char work[96];
    char measured[96]; /* what was found, or why nothing was */
    char wanted[32];
    enum outcome outcome;
};

#define TARGETS_MOST 96

struct targets {
    struct target rows[TARGETS_MOST];
    size_t count;
};

/* Measure what the cycles do not tell, and judge everything. */
void targets_measure(const struct settings *settings, const struct cycles *cycles, struct targets *targets);

/* Judge what several processes hand on, and what shared memory they hold. */
void targets_judge_relays(const struct relays *relays, struct targets *targets);

const char *targets_outcome_text(enum outcome outcome);

#endif
