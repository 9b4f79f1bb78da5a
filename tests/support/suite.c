/*
 * The suite program: CUnit, and what stands around each test.
 *
 * CUnit runs set_up and tear_down around every test and counts checks made in either as the test's own, so that a leak
 * is a failure of the test that leaked. Lines of stdout are written at once: a program that is killed has said all that
 * it knew. Skips are named at the end, one line each, beginning with "skipped:".
 */
#include "suite.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "child.h"
#include "leaks.h"
#include "sandbox.h"
#include "watchdog.h"

#define TIME_LIMIT 120 /* seconds; a sanitizer on a busy machine is slow, a hang is forever */
#define MAX_SKIPS 64
#define STARTS_MOST 200 /* of one test */

static struct leaks baseline;
static char skips[MAX_SKIPS][256];
static size_t skip_count;

static const char *current_test(void) {
    const CU_pTest test = CU_get_current_test();
    return test == NULL ? "between tests" : test->pName;
}

void skip(const char *reason) {
    if (skip_count == MAX_SKIPS) return;
    snprintf(skips[skip_count++], sizeof skips[0], "%s: %s", current_test(), reason);
}

size_t checks_failed(void) { return CU_get_number_of_failures(); }

bool check_true(bool condition, const char *text, const char *file, unsigned line, bool ends_test) {
    CU_assertImplementation(condition ? CU_TRUE : CU_FALSE, line, text, file, "", ends_test ? CU_TRUE : CU_FALSE);
    return condition;
}

void require_failed(const char *text, const char *file, unsigned line) {
    (void)check_true(false, text, file, line, true);
    abort(); /* never reached: CUnit has left the test */
}

bool check_status(shs_status expected, shs_status actual, const char *text, const char *file, unsigned line,
                  bool ends_test) {
    char message[512];
    if (expected == actual) return check_true(true, text, file, line, false);
    snprintf(message, sizeof message, "%s: expected %s, got %s (native %ld)", text, shs_status_name(expected),
             shs_status_name(actual), shs_native_error());
    return check_true(false, message, file, line, ends_test);
}

bool check_number(uint64_t expected, uint64_t actual, const char *text, const char *file, unsigned line) {
    char message[512];
    if (expected == actual) return check_true(true, text, file, line, false);
    snprintf(message, sizeof message, "%s: expected %llu, got %llu", text, (unsigned long long)expected,
             (unsigned long long)actual);
    return check_true(false, message, file, line, false);
}

void start_without_thread(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_OK, shs_start(&options));
}

void stop_all(void) {
    for (int i = 0; i < STARTS_MOST; i++)
        shs_stop();
}

static void set_up(void) {
    watchdog_start(TIME_LIMIT, current_test());
    sandbox_enter();
    leaks_measure(&baseline);
}

static void tear_down(void) {
    char left[512];
    CHECK_NUMBER(0, children_sweep());
    stop_all();
    if (!check_true(leaks_settle(&baseline, left, sizeof left), left, __FILE__, __LINE__, false)) leaks_describe();
    check_true(sandbox_leave(left, sizeof left), left, __FILE__, __LINE__, false);
    children_forget_killed();
    watchdog_stop();
}

static int run_role(const struct suite *suite, char **arguments) {
    if (strcmp(arguments[0], "actor") == 0) return actor_role(arguments + 1);
    for (size_t i = 0; i < suite->role_count; i++) {
        if (strcmp(arguments[0], suite->roles[i].name) == 0) return suite->roles[i].run(arguments + 1);
    }
    fprintf(stderr, "%s has no role %s\n", suite->name, arguments[0]);
    return EXIT_FAILURE;
}

static bool add_tests(const struct suite *suite, const char *filter) {
    const CU_pSuite tests = CU_add_suite_with_setup_and_teardown(suite->name, NULL, NULL, set_up, tear_down);
    if (tests == NULL) return false;
    for (size_t i = 0; i < suite->test_count; i++) {
        const struct test *test = &suite->tests[i];
        if (filter != NULL && strstr(test->name, filter) == NULL) continue;
        if (CU_add_test(tests, test->name, test->run) == NULL) return false;
    }
    return true;
}

int suite_main(const struct suite *suite, int argc, char **argv) {
    children_initialize(argv[0]);
    leaks_warm_up();
    if (argc > 2 && strcmp(argv[1], "--role") == 0) return run_role(suite, argv + 2);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (CU_initialize_registry() != CUE_SUCCESS || !add_tests(suite, argc > 1 ? argv[1] : NULL)) {
        fprintf(stderr, "%s: %s\n", suite->name, CU_get_error_msg());
        return EXIT_FAILURE;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    for (size_t i = 0; i < skip_count; i++) {
        printf("skipped: %s\n", skips[i]);
    }
    const bool failed = CU_get_number_of_failures() != 0 || CU_get_number_of_tests_run() == 0;
    CU_cleanup_registry();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
