/*
 * The numbers of the errors as data: each status in each family of calls, and success, which changes nothing.
 */
#include "errors.h"

#include "support/suite.h"

/* A row for each status: ALLOC, LOCK, UNLOCK, FREE, MAP. Literal numbers: the tests trust no constant of the library.
 */
static const struct {
    shs_status status;
    DWORD errors[CALL_FAMILIES];
} rows[] = {
    { SHS_E_ARGUMENT, { 87, 87, 87, 87, 87 } },
    { SHS_E_HANDLE, { 6, 6, 6, 6, 6 } },
    { SHS_E_VIEW, { 487, 487, 487, 487, 487 } },
    { SHS_E_NO_PROCESS, { 87, 6, 487, 6, 87 } },
    { SHS_E_NOT_ATTACHED, { 50, 6, 487, 6, 50 } },
    { SHS_E_ACCESS, { 5, 5, 5, 5, 5 } },
    { SHS_E_NO_MEMORY, { 8, 8, 8, 8, 8 } },
    { SHS_E_LIMIT, { 4, 4, 4, 4, 4 } },
    { SHS_E_TIMEOUT, { 1460, 1460, 1460, 1460, 1460 } },
    { SHS_E_PROTOCOL, { 13, 13, 13, 13, 13 } },
    { SHS_E_UNSUPPORTED, { 50, 50, 50, 50, 50 } },
    { SHS_E_SYSTEM, { 31, 31, 31, 31, 31 } },
    { SHS_E_READ_ONLY, { 5, 5, 5, 5, 5 } },
    { SHS_E_RUNTIME_DIR, { 5, 5, 5, 5, 5 } },
};

static void test_every_status_has_its_number(void) {
    for (size_t row = 0; row < LENGTH(rows); row++) {
        for (size_t family = 0; family < CALL_FAMILIES; family++) {
            SetLastError(0xBEEF);
            CHECK(!shs__succeeded((enum call_family)family, rows[row].status));
            CHECK_NUMBER(rows[row].errors[family], GetLastError());
        }
    }
}

static void test_every_status_is_in_the_table(void) {
#define COUNT(name, value, text) +1
    CHECK_NUMBER(LENGTH(rows) + 1, 0 SHS_STATUS_LIST(COUNT));
}

static void test_success_leaves_the_last_error(void) {
    for (size_t family = 0; family < CALL_FAMILIES; family++) {
        SetLastError(0xBEEF);
        CHECK(shs__succeeded((enum call_family)family, SHS_OK));
        CHECK_NUMBER(0xBEEF, GetLastError());
    }
}

static const struct test tests[] = {
    { "every status has its number", test_every_status_has_its_number },
    { "every status is in the table", test_every_status_is_in_the_table },
    { "success leaves the last error", test_success_leaves_the_last_error },
};

/* The library attached this process when it was loaded; the suite's leak check wants to begin with nothing. */
int main(int argc, char **argv) {
    static const struct suite suite = { "shlwapi errors", tests, LENGTH(tests), NULL, 0 };
    shs_stop();
    return suite_main(&suite, argc, argv);
}
