/*
 * Bytes that tell which block they belong to and where in it they stand.
 *
 * Pattern 0 is all zeros: what a block holds that was allocated without data. Any other number gives bytes that differ
 * from those of every other number and do not repeat in step with pages, so that a shifted, mixed-up or stale block is
 * never taken for the right one.
 */
#ifndef TESTS_PATTERN_H
#define TESTS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void pattern_fill(void *bytes, size_t size, uint32_t pattern);
bool pattern_matches(const void *bytes, size_t size, uint32_t pattern);

/* size bytes of a pattern from malloc(); NULL for pattern 0. Ends the program when there is no memory. */
void *pattern_new(size_t size, uint32_t pattern);

#ifdef __cplusplus
}
#endif

#endif
