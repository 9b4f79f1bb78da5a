/*
 * Who is talked to: this process's user, and whom the application admits.
 */
#include "posix/ipc/admission.h"

#include <unistd.h>

#include "options.h"
#include "support/suite.h"

static unsigned asked;

static int admit_even(void *context, const struct shs_admit_request *request) {
    asked++;
    CHECK(context == &asked && request->direction == SHS_INCOMING && request->group_known == 1);
    return request->user % 2 == 0 ? 7 : 0; /* anything but 0 will do */
}

static bool allows(shs_admit admit, uint32_t user) {
    const struct admission admission = { admit, &asked };
    const struct credentials who = { .pid = 1, .user = user, .group = 2 };
    const struct shs_admit_request request = admission_incoming(&who);
    CHECK(request.pid == 1 && request.user == user && request.group == 2);
    return shs__admission_allows(&admission, &request);
}

static void users(void) {
    const uint32_t own = (uint32_t)geteuid(), even = (own + 2) & ~1u;
    CHECK(allows(NULL, own) && !allows(NULL, own + 1));
    CHECK(allows(admit_even, own));
    CHECK_NUMBER(0, asked);
    CHECK(allows(admit_even, even) && !allows(admit_even, even + 1));
    CHECK_NUMBER(2, asked);
}

/* One part of a program admits by what it knows, and a later part by nothing. */
static void a_context_goes_with_its_callback(void) {
    struct shs_options set = shs__options_default, given = SHS_OPTIONS_INIT;
    given.admit = admit_even;
    given.admit_context = &asked;
    shs__options_merge(&set, &given);
    CHECK(set.admit_context == &asked);
    given.admit_context = NULL;
    shs__options_merge(&set, &given);
    CHECK(set.admit == admit_even && set.admit_context == NULL);
}

static const struct test tests[] = {
    { "users", users },
    { "a context goes with its callback", a_context_goes_with_its_callback },
};

SUITE("admission", tests)
