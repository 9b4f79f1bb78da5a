/*
 * Patterns: a small multiplicative generator, seeded by the pattern's number.
 *
 * The generator's state is 32 bits and each byte is taken from its top, so that neither the length of a page nor a
 * power of two is a period.
 */
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t next_state(uint32_t state) { return state * 1664525u + 1013904223u; }

static uint32_t first_state(uint32_t pattern) { return pattern * 2654435761u; }

void pattern_fill(void *bytes, size_t size, uint32_t pattern) {
    unsigned char *at = bytes;
    uint32_t state = first_state(pattern);
    for (size_t i = 0; i < size; i++) {
        state = next_state(state);
        at[i] = pattern == 0 ? 0 : (unsigned char)(state >> 24);
    }
}

bool pattern_matches(const void *bytes, size_t size, uint32_t pattern) {
    const unsigned char *at = bytes;
    uint32_t state = first_state(pattern);
    for (size_t i = 0; i < size; i++) {
        state = next_state(state);
        if (at[i] != (pattern == 0 ? 0 : (unsigned char)(state >> 24))) return false;
    }
    return true;
}

void *pattern_new(size_t size, uint32_t pattern) {
    if (pattern == 0) return NULL;
    void *bytes = malloc(size == 0 ? 1 : size);
    if (bytes == NULL) {
        fprintf(stderr, "no memory for a pattern of %zu bytes\n", size);
        exit(EXIT_FAILURE);
    }
    pattern_fill(bytes, size, pattern);
    return bytes;
}
