/*
 * A histogram of times with sixty-four steps to each doubling, so that any number of blocks can be counted.
 */
#include "tail.h"

#include <stddef.h>
#include <string.h>

#define STEPS ((size_t)64)
#define STEP_BITS 6u
#define PLACES (64 * STEPS)

static uint64_t counts[PLACES];
static uint64_t all;
static uint64_t longest;

static size_t place_of(uint64_t value) {
    unsigned shift = 0;
    while (value >> shift >= 2 * STEPS)
        shift++;
    return shift * STEPS + (size_t)(value >> shift);
}

static uint64_t end_of(size_t place) {
    if (place < 2 * STEPS) return place;
    const size_t shift = (place >> STEP_BITS) - 1;
    return (uint64_t)(place - shift * STEPS + 1) << shift;
}

void tail_forget(void) {
    memset(counts, 0, sizeof counts);
    all = 0;
    longest = 0;
}

void tail_add(uint64_t nanoseconds) {
    counts[place_of(nanoseconds)]++;
    all++;
    if (nanoseconds > longest) longest = nanoseconds;
}

/* The time that all but so many of a thousand did not exceed. */
static uint64_t all_but(uint64_t of_thousand) {
    uint64_t above = 0;
    for (size_t place = PLACES; place > 0; place--) {
        above += counts[place - 1];
        if (above * 1000 > all * of_thousand) return end_of(place - 1) < longest ? end_of(place - 1) : longest;
    }
    return 0;
}

struct tail tail_read(void) {
    return (
        struct tail){ .p50 = all_but(500), .p99 = all_but(10), .p999 = all_but(1), .longest = longest, .count = all };
}
