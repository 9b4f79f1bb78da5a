/*
 * An owner with more peers than it may have connections: every one of them is served, and none hears of the others.
 *
 * The owner is a role, as its limit for descriptors is lowered. All that is asked at once is told before any answer is
 * heard.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/suite.h"
#include "support/system.h"

#define DESCRIPTORS 64    /* of the owner: eight connections, 32 segments */
#define TIMEOUT_MS 60000u /* nobody is ever stopped here: a time limit that passes is a fault */
#define ASKERS 40
#define FEW_ASKERS 12
#define FEW_GIFTS 40 /* more than segments */
#define QUESTIONS 40
#define GIVERS 100
#define AT_ONCE 25 /* of the 32 that can have a block there */

static void start(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = TIMEOUT_MS;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
}

static uint32_t number(const char *text) { return (uint32_t)strtoul(text, NULL, 10); }

/* ---- the owner ---- */

/* Serves; arguments: by whom, and how many descriptors it has. */
static int owner_role(char **arguments) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct rlimit limit;
    shs_handle handle = 0;
    options.service = number(arguments[0]);
    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = number(arguments[1]);
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_STATUS(SHS_OK, shs_start(&options));
    EXPECT_STATUS(SHS_OK, shs_alloc("many", 4, shs_self(), &handle));
    EXPECT(parent_send(&handle, sizeof handle));
    while (!parent_wait(shs_poll_fd()))
        shs_dispatch();
    return EXIT_SUCCESS;
}

static struct child *owner_start(shs_service service, unsigned descriptors, shs_handle *handle) {
    char by[16], limit[16];
    snprintf(by, sizeof by, "%u", (unsigned)service);
    snprintf(limit, sizeof limit, "%u", descriptors);
    struct child *owner = child_start("owner", (const char *const[]){ by, limit, NULL });
    REQUIRE(owner != NULL);
    REQUIRE(child_receive(owner, handle, sizeof *handle));
    return owner;
}

static void owner_end(struct child *owner) {
    const char end = 0;
    CHECK(child_send(owner, &end, sizeof end));
    CHECK_NUMBER(0, (uint64_t)child_wait(owner));
}

/* ---- all of a kind ---- */

static void start_all(struct child **children, size_t count, const char *role, struct child *owner, shs_handle handle) {
    char pid[16], block[16];
    snprintf(pid, sizeof pid, "%u", (unsigned)child_pid(owner));
    snprintf(block, sizeof block, "%u", (unsigned)handle);
    for (size_t i = 0; i < count; i++) {
        children[i] = child_start(role, (const char *const[]){ pid, block, NULL });
        REQUIRE(children[i] != NULL);
    }
}

/* One step of all of them, at once: each says whether it went well. */
static void go_all(struct child *const *children, size_t count, int32_t said[]) {
    const char go = 0;
    for (size_t i = 0; i < count; i++)
        CHECK(child_send(children[i], &go, sizeof go));
    for (size_t i = 0; i < count; i++)
        CHECK(child_receive(children[i], &said[i], sizeof said[i]));
}

static void end_all(struct child *const *children, size_t count) {
    for (size_t i = 0; i < count; i++) {
        child_kill(children[i]);
        CHECK(child_wait(children[i]) == CHILD_KILLED);
    }
}

/* ---- askers ---- */

static shs_status ask_once(shs_pid owner, shs_handle handle) {
    void *view;
    size_t count;
    shs_status status = shs_probe(owner);
    if (status == SHS_OK) status = shs_lock(handle, owner, SHS_READ, &view, NULL);
    if (status != SHS_OK) return status;
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    return shs_list(owner, NULL, 0, &count);
}

static int asker_role(char **arguments) {
    const shs_pid owner = number(arguments[0]);
    const shs_handle handle = number(arguments[1]);
    int32_t status = SHS_OK;
    char go;
    start();
    while (parent_receive(&go, sizeof go)) {
        for (int i = 0; i < QUESTIONS && status == SHS_OK; i++)
            status = (int32_t)ask_once(owner, handle);
        EXPECT(parent_send(&status, sizeof status));
    }
    return EXIT_SUCCESS;
}

static void ask_all(shs_service service) {
    struct child *askers[ASKERS];
    int32_t said[ASKERS];
    shs_handle handle = 0;
    struct child *owner = owner_start(service, DESCRIPTORS, &handle);
    start_all(askers, ASKERS, "asker", owner, handle);
    go_all(askers, ASKERS, said);
    for (size_t i = 0; i < ASKERS; i++)
        CHECK_STATUS(SHS_OK, (shs_status)said[i]);
    end_all(askers, ASKERS);
    owner_end(owner);
}

static void more_askers_than_connections(void) { ask_all(SHS_SERVE_THREAD); }

static void the_same_of_an_application(void) { ask_all(SHS_SERVE_APPLICATION); }

/* ---- givers ---- */

struct gift {
    int32_t status;
    shs_handle handle;
};

/* Gives blocks of these sizes in turn. */
static int give_sizes(shs_pid owner, const size_t sizes[], size_t count) {
    char go;
    start();
    for (size_t i = 0; parent_receive(&go, sizeof go); i++) {
        struct gift gift = { .handle = 0 };
        gift.status = (int32_t)shs_alloc(NULL, sizes[i % count], owner, &gift.handle);
        EXPECT(parent_send(&gift, sizeof gift));
    }
    return EXIT_SUCCESS;
}

static int giver_role(char **arguments) {
    static const size_t sizes[] = { 4 };
    return give_sizes(number(arguments[0]), sizes, LENGTH(sizes));
}

/* Of sizes that share no segment. */
static int mixed_giver_role(char **arguments) {
    static const size_t sizes[] = { 4, 200, 1000, 4000, 16000, 64000 };
    return give_sizes(number(arguments[0]), sizes, LENGTH(sizes));
}

/* All of these give at once; how many could not, for want of descriptors. */
static size_t give(struct child *const *givers, size_t count, struct gift gifts[]) {
    const char go = 0;
    size_t refused = 0;
    for (size_t i = 0; i < count; i++)
        CHECK(child_send(givers[i], &go, sizeof go));
    for (size_t i = 0; i < count; i++) {
        REQUIRE(child_receive(givers[i], &gifts[i], sizeof gifts[i]));
        const bool is_refused = gifts[i].status == SHS_E_LIMIT;
        if (!is_refused) CHECK_STATUS(SHS_OK, (shs_status)gifts[i].status);
        refused += is_refused;
    }
    return refused;
}

static void take(const struct gift gifts[], size_t count, shs_pid owner) {
    for (size_t i = 0; i < count; i++) {
        if (gifts[i].status == SHS_OK) CHECK_STATUS(SHS_OK, shs_free(gifts[i].handle, owner));
    }
}

/* Not all that could give once: a segment may be retired before its first block is there. */
static size_t give_both(const struct gift gifts[], const struct gift again[]) {
    size_t count = 0;
    for (size_t i = 0; i < GIVERS; i++)
        count += gifts[i].status == SHS_OK && again[i].status == SHS_OK;
    return count;
}

/* Each gives, and gives again when its connection and its segment are long gone; some at a time, as each block that
 * lives costs the owner a descriptor. Then all at once, and none goes: as many as can have one are there; and whoever
 * has one can give more, though it has no connection any more. */
static void more_givers_than_descriptors(void) {
    static struct child *givers[GIVERS];
    static struct gift gifts[GIVERS], again[GIVERS];
    struct shs_options options = SHS_OPTIONS_INIT;
    shs_handle handle = 0;
    struct child *owner = owner_start(SHS_SERVE_THREAD, DESCRIPTORS, &handle);
    const shs_pid pid = child_pid(owner);
    options.timeout_ms = TIMEOUT_MS;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    start_all(givers, GIVERS, "giver", owner, handle);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < GIVERS; i += AT_ONCE) {
            CHECK_NUMBER(0, give(givers + i, AT_ONCE, gifts));
            take(gifts, AT_ONCE, pid);
        }
    }
    CHECK(give(givers, GIVERS, gifts) <= GIVERS - AT_ONCE);
    if (system_seals_memory()) { /* a word that shows without a connection that the owner lives must be sealed */
        CHECK(give(givers, GIVERS, again) <= GIVERS - AT_ONCE);
        CHECK(give_both(gifts, again) >= AT_ONCE);
        take(again, GIVERS, pid);
    }
    take(gifts, GIVERS, pid);
    CHECK_NUMBER(0, give(givers, AT_ONCE, gifts));
    end_all(givers, GIVERS);
    owner_end(owner);
}

/* ---- a giver among askers ---- */

/* A giver is idle for longest, as it asks for nothing while it has room. It is not the one to go for the sake of
 * others: it would begin anew with each size of block, and what it gave before would hold the owner's descriptors. */
static void a_giver_among_askers(void) {
    struct child *askers[FEW_ASKERS], *giver;
    int32_t said[FEW_ASKERS];
    struct gift gift;
    shs_handle handle = 0;
    struct child *owner = owner_start(SHS_SERVE_THREAD, DESCRIPTORS, &handle);
    start_all(askers, FEW_ASKERS, "asker", owner, handle);
    start_all(&giver, 1, "mixed giver", owner, handle);
    for (int i = 0; i < FEW_GIFTS; i++) {
        CHECK_NUMBER(0, give(&giver, 1, &gift));
        go_all(askers, FEW_ASKERS, said);
    }
    for (size_t i = 0; i < FEW_ASKERS; i++)
        CHECK_STATUS(SHS_OK, (shs_status)said[i]);
    end_all(askers, FEW_ASKERS);
    end_all(&giver, 1);
    owner_end(owner);
}

static const struct test tests[] = {
    { "more askers than connections", more_askers_than_connections },
    { "more askers than connections of an application", the_same_of_an_application },
    { "more givers than descriptors", more_givers_than_descriptors },
    { "a giver among more askers than connections", a_giver_among_askers },
};

static const struct role roles[] = {
    { "owner", owner_role }, { "asker", asker_role }, { "giver", giver_role }, { "mixed giver", mixed_giver_role }
};

SUITE_WITH_ROLES("many", tests, roles, LENGTH(roles))
