/*
 * Comparing what a process owns with what it owned before.
 */
#include "leaks.h"

#include <stdio.h>

#include "parallel.h"

/* Rounds of about a millisecond. */
#define SETTLE_ROUNDS 2000
#define FALL_ROUNDS 8000

static bool is_back(const struct leaks *baseline, const struct leaks *now) {
    return now->descriptors == baseline->descriptors && now->mappings == baseline->mappings &&
           now->threads == baseline->threads && now->names == baseline->names;
}

static bool is_no_more(const struct leaks *baseline, const struct leaks *now) {
    return now->descriptors <= baseline->descriptors && now->mappings <= baseline->mappings &&
           now->threads <= baseline->threads && now->names <= baseline->names;
}

typedef bool (*comparison)(const struct leaks *baseline, const struct leaks *now);

static bool settle(const struct leaks *baseline, comparison fits, char *text, size_t size) {
    struct leaks now;
    leaks_measure(&now);
    for (int round = 0; !fits(baseline, &now) && round < SETTLE_ROUNDS; round++) {
        parallel_pause();
        leaks_measure(&now);
    }
    snprintf(text, size,
             "left behind: descriptors %zu (were %zu), shared mappings %zu (%zu), threads %zu (%zu), names %zu (%zu)",
             now.descriptors, baseline->descriptors, now.mappings, baseline->mappings, now.threads, baseline->threads,
             now.names, baseline->names);
    return fits(baseline, &now);
}

bool leaks_settle(const struct leaks *baseline, char *text, size_t size) {
    return settle(baseline, is_back, text, size);
}

bool leaks_fall_to(const struct leaks *baseline, char *text, size_t size) {
    return settle(baseline, is_no_more, text, size);
}

bool leaks_mappings_fall_to(size_t most) {
    struct leaks now;
    leaks_measure(&now);
    for (int round = 0; now.mappings > most && round < FALL_ROUNDS; round++) {
        parallel_pause();
        leaks_measure(&now);
    }
    return now.mappings <= most;
}
