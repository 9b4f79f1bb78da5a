/*
 * A histogram of times with sixteen steps to each doubling, so that any number of blocks can be counted.
 */
#include "tail.h"

#include <string.h>

#define STEPS 16u
#define STEP_BITS 4u

static uint64_t counts[64 * STEPS];
static uint64_t all;

static unsigned place_of(uint64_t value) {
    unsigned shift = 0;
    while (value >> shift >= 2 * STEPS)
        shift++;
    return shift * STEPS + (unsigned)(value >> shift);
}

static uint64_t end_of(unsigned place) {
    if (place < 2 * STEPS) return place;
    const unsigned shift = (place >> STEP_BITS) - 1;
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
    for (unsigned place = 64 * STEPS; all > 0 && place-- > 0;) {
        above += counts[place];
        if (above * 100 > all) return end_of(place);
    }
    return 0;
}
