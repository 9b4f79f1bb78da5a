/*
 * Whole cycles of many givers with one owner at once. All peers of one number and size compete in one contest, as in
 * cycles.c.
 *
 * A batch is so long that givers who are told first and those who are done last do not weigh, and that each of many has
 * cycles enough for a tail.
 */
#include "crowds.h"

#include <stdio.h>

#include "cycles.h"

#define BATCH 10e6
#define CYCLES_OF_ONE ((uint64_t)40)
#define QUICK_SECONDS 2.0
#define FULL_SECONDS 10.0

static const struct {
    const char *program;
    enum peer_number peer; /* its title */
} entries[CROWDS_ENTRIES] = {
    { "crowd-shshared", SHSHARED }, { "crowd-pingpong", PINGPONG },       { "crowd-pooled", POOLED },
    { "crowd-socket", SOCKET },     { "crowd-mqueue-pool", MQUEUE_POOL }, { "crowd-boost-managed", BOOST_MANAGED },
    { "crowd-memfd", MEMFD },       { "crowd-shm_open", SHM_OPEN },       { "crowd-sysv", SYSV },
};

static const char *const numbers[CROWDS_NUMBERS] = { "2", "8", "64" };
static const unsigned givers[CROWDS_NUMBERS] = { 2, 8, 64 };
static const size_t sizes[CROWDS_SIZES] = { 64, 4096 };

static void measure_one(const struct settings *settings, size_t number, size_t size, struct contestant *all) {
    char text[SIZE_TEXT];
    char title[96];
    snprintf(title, sizeof title, "%s givers, %s", numbers[number], cycles_size_text(sizes[size], text));
    for (size_t i = 0; i < CROWDS_ENTRIES; i++)
        all[i] = (struct contestant){ .program = entries[i].program, .argument = numbers[number] };
    const struct contest contest = { .title = title,
                                     .size = sizes[size],
                                     .core = settings->core,
                                     .batch = BATCH,
                                     .fewest = CYCLES_OF_ONE * givers[number],
                                     .tails = 1 };
    contest_steady(settings, &contest, all, CROWDS_ENTRIES);
}

void crowds_measure(const struct settings *settings, struct crowds *crowds) {
    struct settings shorter = *settings;
    shorter.seconds = settings->quick ? QUICK_SECONDS : FULL_SECONDS;
    for (size_t number = 0; number < CROWDS_NUMBERS; number++)
        for (size_t size = 0; size < CROWDS_SIZES; size++)
            measure_one(&shorter, number, size, crowds->results[number][size]);
}

unsigned crowds_givers(size_t number) { return givers[number]; }

size_t crowds_size(size_t size) { return sizes[size]; }

const char *crowds_title(size_t entry) { return cycles_title(entries[entry].peer); }
