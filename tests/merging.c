/*
 * Options: what comes of several starts. Each field wins for itself, and a zero says nothing.
 *
 * Pure: the functions are called as a backend calls them.
 */
#include "options.h"

#include <string.h>

#include "support/suite.h"

static int admit_some(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 0;
}

static int admit_others(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 1;
}

static char places[2];

static const struct shs_options some = { .size = sizeof(struct shs_options),
                                         .service = SHS_SERVE_APPLICATION,
                                         .timeout_ms = 11,
                                         .own_pages = 12,
                                         .retain = 13,
                                         .admit = admit_some,
                                         .admit_context = &places[0],
                                         .await_starting = 14 };

static void check_equal(const struct shs_options *expected, const struct shs_options *actual) {
    CHECK_NUMBER(expected->service, actual->service);
    CHECK_NUMBER(expected->timeout_ms, actual->timeout_ms);
    CHECK_NUMBER(expected->own_pages, actual->own_pages);
    CHECK_NUMBER(expected->retain, actual->retain);
    CHECK(expected->admit == actual->admit);
    CHECK(expected->admit_context == actual->admit_context);
    CHECK_NUMBER(expected->await_starting, actual->await_starting);
}

static void check_merged(struct shs_options given, struct shs_options expected) {
    struct shs_options set = some;
    struct shs_options read;
    given.size = sizeof given;
    CHECK_STATUS(SHS_OK, shs__options_read(&given, &read));
    shs__options_merge(&set, &read);
    check_equal(&expected, &set);
}

static void nothing_changes_nothing(void) {
    struct shs_options set = some;
    struct shs_options read;
    CHECK_STATUS(SHS_OK, shs__options_read(NULL, &read));
    shs__options_merge(&set, &read);
    check_equal(&some, &set);
    check_merged((struct shs_options){ 0 }, some);
}

static void each_field_wins_alone(void) {
    struct shs_options expected = some;
    expected.service = SHS_SERVE_THREAD;
    check_merged((struct shs_options){ .service = SHS_SERVE_THREAD }, expected);
    expected = some;
    expected.timeout_ms = 21;
    check_merged((struct shs_options){ .timeout_ms = 21 }, expected);
    expected = some;
    expected.own_pages = 22;
    check_merged((struct shs_options){ .own_pages = 22 }, expected);
    expected = some;
    expected.retain = 23;
    check_merged((struct shs_options){ .retain = 23 }, expected);
    expected.retain = 0;
    check_merged((struct shs_options){ .retain = SHS_RETAIN_NOTHING }, expected);
    expected = some;
    expected.await_starting = 24;
    check_merged((struct shs_options){ .await_starting = 24 }, expected);
}

/* What it is told goes with the function, and says nothing without. */
static void who_is_admitted_comes_with_its_context(void) {
    struct shs_options expected = some;
    check_merged((struct shs_options){ .admit_context = &places[1] }, some);
    expected.admit = admit_others;
    expected.admit_context = &places[1];
    check_merged((struct shs_options){ .admit = admit_others, .admit_context = &places[1] }, expected);
    expected.admit_context = NULL;
    check_merged((struct shs_options){ .admit = admit_others }, expected);
}

static void what_has_no_meaning_is_refused(void) {
    struct shs_options given = some;
    struct shs_options read;
    CHECK_STATUS(SHS_OK, shs__options_read(&given, &read));
    check_equal(&some, &read);
    given.service = SHS_SERVE_APPLICATION + 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs__options_read(&given, &read));
    given = some;
    for (uint32_t size = 0; size < offsetof(struct shs_options, await_starting); size++) {
        given.size = size;
        CHECK_STATUS(SHS_E_ARGUMENT, shs__options_read(&given, &read));
    }
}

static const struct test tests[] = {
    { "nothing changes nothing", nothing_changes_nothing },
    { "each field wins alone", each_field_wins_alone },
    { "who is admitted comes with its context", who_is_admitted_comes_with_its_context },
    { "what has no meaning is refused", what_has_no_meaning_is_refused },
};

SUITE("merging", tests)
