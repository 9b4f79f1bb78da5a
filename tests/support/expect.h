/*
 * Checks in processes that CUnit does not watch: forked children, and roles that run a scenario of their own.
 *
 * A failed one says where, and ends the process with exit code 1; whoever waits for it fails its test.
 */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H

#include <shshared/shshared.h>
#include <stdbool.h>

#define EXPECT(condition) expect_true((condition), #condition, __FILE__, __LINE__)
#define EXPECT_STATUS(expected, call) expect_status((expected), (call), #call, __FILE__, __LINE__)

void expect_true(bool condition, const char *text, const char *file, int line);
void expect_status(shs_status expected, shs_status actual, const char *text, const char *file, int line);

#endif
