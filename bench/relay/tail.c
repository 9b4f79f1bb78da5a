/*
 * A histogram of times with sixteen steps to each doubling, so that any number of blocks can be counted.
 */
#include "tail.h"

#include <stddef.h>
#include <string.h>

#define STEPS ((size_t)16)
#define STEP_BITS 4u
#define PLACES (64 * STEPS)

static uint64_t counts[PLACES];
static uint64_t all;

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
}

void tail_add(uint64_t nanoseconds) {
    counts[place_of(nanoseconds)]++;
    all++;
}

uint64_t tail_p99(void) {
    uint64_t above = 0;
    for (size_t place = PLACES; all > 0 && place-- > 0;) {
        above += counts[place];
        if (above * 100 > all) return end_of(place);
    }
    return 0;
}
