/*
 * A suite program: a table of tests that CUnit runs one after the other, and the checks that the tests make.
 *
 * Around each test stand a runtime directory of its own, a time limit that ends the program and its children and says
 * which test it was, and a leak check: after stop_all() the process owns exactly what it owned before. suite.c is the
 * only file that knows CUnit, so that a system without it needs one other file.
 *
 * A program that is started with "--role NAME" runs no test, but the role of that name: this is how a test gets other
 * processes (actor.h). The role "actor" is in every suite program.
 *
 * CHECK and its kind are for the thread that runs the test alone; other threads count, and the test checks the count.
 */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct test {
    const char *name;
    void (*run)(void);
};

/* What a second process of the suite program does. arguments end with NULL; the result is its exit code. */
struct role {
    const char *name;
    int (*run)(char **arguments);
};

struct suite {
    const char *name;
    const struct test *tests;
    size_t test_count;
    const struct role *roles;
    size_t role_count;
};

/* The whole main(): exit code 0 when no check failed. An argument runs only the tests whose names contain it. */
int suite_main(const struct suite *suite, int argc, char **argv);

/* The end of a suite's file: main() for a table of tests, and where needed a table of roles. */
#define SUITE(title, table) SUITE_WITH_ROLES(title, table, NULL, 0)
#define SUITE_WITH_ROLES(title, table, role_table, role_length)                                     \
    int main(int argc, char **argv) {                                                               \
        static const struct suite suite = { title, table, LENGTH(table), role_table, role_length }; \
        return suite_main(&suite, argc, argv);                                                      \
    }

/* How many checks have failed so far: a test that goes on after one can say where it stood. */
size_t checks_failed(void);

/* Start the library so that others are answered, and house is kept, only when the test dispatches. */
void start_without_thread(void);

/* Give back every start of the library in this process, however many there are: it is stopped. */
void stop_all(void);

/* Say that this test cannot be made on this machine. The test then returns; the summary names it. */
void skip(const char *reason);

/* A failed CHECK is noted and the test goes on; a failed REQUIRE ends the test. */
#define CHECK(condition) check_true((condition), #condition, __FILE__, __LINE__, false)
#define CHECK_STATUS(expected, call) check_status((expected), (call), #call, __FILE__, __LINE__, false)
#define CHECK_NUMBER(expected, value) check_number((expected), (value), #value, __FILE__, __LINE__)
#ifndef __cplusplus /* where a test must not be left by a jump */
#define REQUIRE(condition)                                                       \
    ((condition) ? (void)check_true(true, #condition, __FILE__, __LINE__, false) \
                 : require_failed(#condition, __FILE__, __LINE__))
#define REQUIRE_STATUS(expected, call) check_status((expected), (call), #call, __FILE__, __LINE__, true)

/* A check that ends its test, told so that analyzers see it. */
_Noreturn void require_failed(const char *text, const char *file, unsigned line);
#endif

bool check_true(bool condition, const char *text, const char *file, unsigned line, bool ends_test);
bool check_status(shs_status expected, shs_status actual, const char *text, const char *file, unsigned line,
                  bool ends_test);
bool check_number(uint64_t expected, uint64_t actual, const char *text, const char *file, unsigned line);

#ifdef __cplusplus
}
#endif

#endif
