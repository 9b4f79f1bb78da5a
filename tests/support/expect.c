/*
 * Checks outside of CUnit. See expect.h.
 */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>

void expect_true(bool condition, const char *text, const char *file, int line) {
    if (condition) return;
    fprintf(stderr, "%s:%d: %s\n", file, line, text);
    _Exit(EXIT_FAILURE);
}

void expect_status(shs_status expected, shs_status actual, const char *text, const char *file, int line) {
    if (expected == actual) return;
    fprintf(stderr, "%s:%d: %s: expected %s, got %s (native %ld)\n", file, line, text, shs_status_name(expected),
            shs_status_name(actual), shs_native_error());
    _Exit(EXIT_FAILURE);
}
