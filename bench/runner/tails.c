/*
 * How long single cycles of every peer take. As in cycles.c, all peers of one size compete in one contest; but each has
 * as many cycles as a tail needs, however slow it is, and so the contest has no limit of time.
 */
#include "tails.h"

#include <stdio.h>

#define ROUNDS 20
#define SMALL_BATCH 600 /* more than ten thousand cycles in all rounds, without those that find cold caches */
#define LARGE_BATCH 60
#define UNLIMITED 1e9

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static void measure_size(const struct settings *settings, struct tails *tails, size_t index) {
    char text[SIZE_TEXT];
    char title[96];
    const size_t size = tails->sizes[index];
    snprintf(title, sizeof title, "tails of whole cycles, %s", cycles_size_text(size, text));
    const struct contest contest = { .title = title,
                                     .size = size,
                                     .core = settings->core,
                                     .batch = CONTEST_BATCH,
                                     .fewest = size < MIB ? SMALL_BATCH : LARGE_BATCH,
                                     .tails = 1 };
    cycles_enter(tails->results[index]);
    contest_steady(settings, &contest, tails->results[index], PEERS);
}

void tails_measure(const struct settings *settings, struct tails *tails) {
    struct settings complete = *settings;
    complete.rounds = ROUNDS;
    complete.seconds = UNLIMITED;
    *tails = (struct tails){ .sizes = { 64, 4 * KIB, MIB }, .size_count = settings->quick ? 2 : TAILS_MOST_SIZES };
    for (size_t i = 0; i < tails->size_count; i++)
        measure_size(&complete, tails, i);
}
