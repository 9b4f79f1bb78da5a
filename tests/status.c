/*
 * The statuses: values, names and texts are part of the binary interface.
 */
#include <string.h>

#include "support/suite.h"

/* Written out a second time on purpose: a value that changes breaks programs that were built before. */
static const struct {
    int value;
    const char *name;
} published[] = {
    { 0, "SHS_OK" },         { -1, "SHS_E_ARGUMENT" },   { -2, "SHS_E_HANDLE" },
    { -3, "SHS_E_VIEW" },    { -4, "SHS_E_NO_PROCESS" }, { -5, "SHS_E_NOT_ATTACHED" },
    { -6, "SHS_E_ACCESS" },  { -7, "SHS_E_NO_MEMORY" },  { -8, "SHS_E_LIMIT" },
    { -9, "SHS_E_TIMEOUT" }, { -10, "SHS_E_PROTOCOL" },  { -11, "SHS_E_UNSUPPORTED" },
    { -12, "SHS_E_SYSTEM" }, { -13, "SHS_E_READ_ONLY" }, { -14, "SHS_E_RUNTIME_DIR" },
};

static void names_are_stable(void) {
    for (size_t i = 0; i < LENGTH(published); i++) {
        CHECK(strcmp(published[i].name, shs_status_name((shs_status)published[i].value)) == 0);
    }
}

static void texts_differ(void) {
    for (size_t i = 0; i < LENGTH(published); i++) {
        const char *text = shs_status_text((shs_status)published[i].value);
        CHECK(text[0] != '\0');
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(text, shs_status_text((shs_status)published[k].value)) != 0);
        }
    }
}

/* Who reads it must be able to look at each. */
static void not_attached_names_its_causes(void) {
    const char *text = shs_status_text(SHS_E_NOT_ATTACHED);
    CHECK(strstr(text, "not started") != NULL);
    CHECK(strstr(text, "runtime folder") != NULL);
    CHECK(strstr(text, "pid namespace") != NULL);
}

static void others_are_unknown(void) {
    static const int others[] = { 1, -15, 4711, INT32_MAX, INT32_MIN };
    for (size_t i = 0; i < LENGTH(others); i++) {
        CHECK(strcmp("SHS_E_UNKNOWN", shs_status_name((shs_status)others[i])) == 0);
        CHECK(strcmp("unknown status", shs_status_text((shs_status)others[i])) == 0);
    }
}

static const struct test tests[] = {
    { "names and values are the published ones", names_are_stable },
    { "every status has a text of its own", texts_differ },
    { "\"not attached\" names its causes", not_attached_names_its_causes },
    { "other numbers are unknown", others_are_unknown },
};

SUITE("status", tests)
