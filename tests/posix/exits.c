/*
 * Exit handlers of a program that use the library, when the library's own has run already: they were registered before
 * the first call.
 */
#include <stdlib.h>
#include <string.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/suite.h"

static struct leaks first; /* before the first call */

static void use(void) {
    shs_handle handle = 0;
    void *view = NULL;
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_lock(handle, shs_self(), SHS_READ, &view, NULL));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static void meet_the_parent(void) {
    uint32_t order = 1;
    EXPECT(parent_send(&order, sizeof order));
    EXPECT(parent_receive(&order, sizeof order));
}

static void only_use(void) {
    use();
    meet_the_parent();
}

/* It is attached as before, and has one thread that serves. */
static void start_again(void) {
    struct leaks now;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    use();
    leaks_measure(&now);
    EXPECT(now.threads == first.threads + 1);
    meet_the_parent();
}

static void only_stop(void) {
    struct leaks now;
    stop_all();
    leaks_measure(&now);
    EXPECT(now.threads == first.threads && now.mappings == first.mappings);
    meet_the_parent();
}

static void stop_and_start(void) {
    shs_stop();
    start_again();
}

struct ending {
    const char *name;
    void (*handler)(void);
    shs_status reached; /* by others, while it runs */
};

static const struct ending endings[] = {
    { "use", only_use, SHS_E_NOT_ATTACHED },
    { "start", start_again, SHS_OK },
    { "stop", only_stop, SHS_E_NOT_ATTACHED },
    { "both", stop_and_start, SHS_OK },
};

static int exit_role(char **arguments) {
    for (size_t i = 0; i < LENGTH(endings); i++) {
        if (strcmp(endings[i].name, arguments[0]) == 0) EXPECT(atexit(endings[i].handler) == 0);
    }
    leaks_measure(&first);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    use();
    return EXIT_SUCCESS;
}

static void handlers_use_the_library(void) {
    for (size_t i = 0; i < LENGTH(endings); i++) {
        uint32_t order = 0;
        struct child *child = child_start("exit", (const char *const[]){ endings[i].name, NULL });
        REQUIRE(child != NULL);
        CHECK(child_receive(child, &order, sizeof order));
        CHECK_STATUS(endings[i].reached, shs_probe(child_pid(child)));
        (void)child_send(child, &order, sizeof order);
        CHECK_NUMBER(0, (uint64_t)child_wait(child));
    }
}

static const struct test tests[] = {
    { "exit handlers use the library", handlers_use_the_library },
};

static const struct role roles[] = { { "exit", exit_role } };

SUITE_WITH_ROLES("exits", tests, roles, LENGTH(roles))
