/*
 * Owners that respond with nonsense: every call that asks one ends with an error, within its time limit, and leaves
 * nothing behind: no output is written, and errno is as it was. The nonsense is in impostor.c.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backend.h"
#include "impostor.h"
#include "kernel.h"
#include "posix/os/peercred.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/child.h"
#include "support/suite.h"
#include "support/system.h"

#define TIMEOUT_MS 100 /* milliseconds, for those that may never answer */
#define LONG 60000u    /* for those that do */

static shs_status lock(shs_handle handle, shs_pid pid) {
    void *view = NULL;
    const shs_status status = checked_lock(handle, pid, SHS_READ_WRITE, &view, NULL);
    if (status == SHS_OK) CHECK_STATUS(SHS_OK, shs_unlock(view));
    return status;
}

static shs_status try_lock(shs_pid pid) { return lock(HANDLE, pid); }

static shs_status try_lock_last(shs_pid pid) { return lock(LAST_HANDLE, pid); }

static shs_status try_map_from(shs_pid pid) {
    shs_handle handle = 0;
    const shs_status status = checked_map_handle(HANDLE, pid, shs_self(), SHS_READ_WRITE, &handle);
    if (status == SHS_OK) CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    return status;
}

static shs_status try_map_to(shs_pid pid) {
    shs_handle handle = 0;
    const shs_handle own = block_new(1, 100, shs_self());
    const shs_status status = checked_map_handle(own, shs_self(), pid, SHS_READ_WRITE, &handle);
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    return status;
}

static shs_status try_alloc(shs_pid pid) {
    shs_handle handle = 0;
    return checked_alloc("data", 4, pid, &handle);
}

static shs_status try_alloc_locked(shs_pid pid) {
    shs_handle handle = 0;
    void *view = NULL;
    const shs_status status = checked_alloc_locked(4, pid, &handle, &view);
    if (status == SHS_OK) CHECK_STATUS(SHS_OK, shs_unlock(view));
    return status;
}

static shs_status try_free(shs_pid pid) { return checked_free(HANDLE, pid); }

static shs_status try_list(shs_pid pid) {
    struct shs_block_info blocks[4];
    size_t count = 0;
    return checked_list(pid, blocks, LENGTH(blocks), &count);
}

static const struct {
    unsigned bit;
    const char *name;
    shs_status (*call)(shs_pid pid);
} calls[] = {
    { PROBE, "probe", checked_probe },
    { LOCK_ONE, "lock", try_lock },
    { LOCK_LAST, "lock the last", try_lock_last },
    { ALLOC, "alloc", try_alloc },
    { ALLOC, "alloc locked", try_alloc_locked },
    { MAP_FROM, "map from", try_map_from },
    { MAP_TO, "map to", try_map_to },
    { LIST, "list", try_list },
    { FREE, "free", try_free },
};

static void check_calls(const struct way *way, shs_pid pid, unsigned failing) {
    char text[128];
    for (size_t i = 0; i < LENGTH(calls); i++) {
        const shs_status status = calls[i].call(pid);
        snprintf(text, sizeof text, "%s: %s gives %s", way->name, calls[i].name, shs_status_name(status));
        const bool fails = (failing & calls[i].bit) != 0;
        const bool right = fails ? status != SHS_OK : failing != 0 || status == SHS_OK;
        check_true(right && status != PROMISE_BROKEN, text, __FILE__, __LINE__, false);
    }
}

static struct child *begin(const char *role, size_t way, uint32_t milliseconds) {
    char number[16];
    char ready = 0;
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = milliseconds;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    snprintf(number, sizeof number, "%zu", way);
    struct child *impostor = child_start(role, (const char *const[]){ number, NULL });
    REQUIRE(impostor != NULL);
    CHECK(child_receive(impostor, &ready, sizeof ready));
    return impostor;
}

static void end(struct child *impostor) {
    child_kill(impostor);
    CHECK(child_wait(impostor) == CHILD_KILLED);
    shs_stop();
}

static void meet(const char *role, size_t way, unsigned failing) {
    struct child *impostor = begin(role, way, failing == 0 ? LONG : TIMEOUT_MS);
    check_calls(&impostor_ways[way], child_pid(impostor), failing);
    end(impostor);
}

static size_t way_of(const char *name) {
    size_t way = 0;
    while (strcmp(impostor_ways[way].name, name) != 0)
        way++;
    return way;
}

static shs_status probe_of(const char *name) {
    struct child *impostor = begin("impostor", way_of(name), LONG);
    const shs_status status = shs_probe(child_pid(impostor));
    end(impostor);
    return status;
}

/* A status that this version does not know means nothing to its caller; nor does one that is no answer to a request. */
static void statuses_are_answers_or_none(void) {
    CHECK_STATUS(SHS_E_LIMIT, probe_of("an answer"));
    CHECK_STATUS(SHS_E_PROTOCOL, probe_of("no answer"));
    CHECK_STATUS(SHS_E_PROTOCOL, probe_of("the last known status"));
    CHECK_STATUS(SHS_E_PROTOCOL, probe_of("the first unknown status"));
    CHECK_STATUS(SHS_E_PROTOCOL, probe_of("an unknown status"));
    CHECK_STATUS(SHS_E_PROTOCOL, probe_of("better than success"));
}

static void an_honest_one(void) { meet("impostor", HONEST, 0); }

static void a_child_that_answers(void) {
    if (system_tells_pids()) meet("deputy", HONEST, ALL);
}

/* Somebody else got hold of the owner's end of a connection. */
static void another_user_that_answers(void) {
    if (!system_names_senders()) return;
    if (geteuid() != 0) {
        skip("only root can become another user");
        return;
    }
    struct child *successor = begin("successor", HONEST, LONG);
    for (size_t i = 0; i < LENGTH(calls); i++)
        CHECK_STATUS(SHS_E_PROTOCOL, calls[i].call(child_pid(successor)));
    end(successor);
}

static void objects_that_can_be_cut(void) {
    if (!system_seals_memory()) return;
    for (size_t way = NOT_SEALED; way < ANYWHERE; way++) {
        if (way == WITHOUT_MEMORY && !kernel_tells_what_is_reserved()) continue;
        meet("impostor", way, impostor_ways[way].fails);
    }
}

static void every_way_to_lie(void) {
    for (size_t way = ANYWHERE; way < impostor_way_count; way++) {
        if (strcmp(impostor_ways[way].name, "a HELLO of another user") == 0 && !system_names_senders()) continue;
        meet("impostor", way, impostor_ways[way].fails);
    }
}

/* ---- the words of a block that is apart ---- */

static int admit_nobody(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 0;
}

/* Whoever may admit others makes blocks apart, and the owner says where their words are. */
static void check_apart(const char *name, shs_status expected) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *impostor = begin("impostor", way_of(name), LONG);
    options.admit = admit_nobody;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const shs_status status = try_alloc(child_pid(impostor));
    check_true(status == expected, name, __FILE__, __LINE__, false);
    shs_stop();
    end(impostor);
}

static void lies_about_words(void) {
    static const char *const lies[] = { "an object that is too small", "a pipe", "a device", "two descriptors" };
    check_apart("an honest one", SHS_OK);
    for (size_t i = 0; i < LENGTH(lies); i++)
        check_apart(lies[i], SHS_E_PROTOCOL);
    if (system_seals_memory()) check_apart("an object that is not sealed", SHS_E_UNSUPPORTED);
    if (system_seals_memory() && kernel_tells_what_is_reserved())
        check_apart("an object without memory", SHS_E_PROTOCOL);
}

/* ---- a refusal that comes before anything was said ---- */

static bool waits_for_the_end;

bool __real_shs__peercred_of_connection(int fd, struct credentials *who);
bool __wrap_shs__peercred_of_connection(int fd, struct credentials *who);

/* The linker leads here what is called between connecting and the first message. */
bool __wrap_shs__peercred_of_connection(int fd, struct credentials *who) {
    struct pollfd watched = { .fd = fd };
    if (waits_for_the_end) (void)poll(&watched, 1, -1); /* for POLLHUP */
    return __real_shs__peercred_of_connection(fd, who);
}

/* As an owner does that has no descriptor left. */
static void a_refusal_that_does_not_wait_for_hello(void) {
    struct child *refuser = begin("refuser", REFUSES_ALL, LONG);
    waits_for_the_end = true;
    CHECK_STATUS(SHS_E_LIMIT, shs_probe(child_pid(refuser)));
    waits_for_the_end = false;
    end(refuser);
}

static void check_refused(size_t how, shs_status expected) {
    struct child *refuser = begin("refuser", how, LONG);
    CHECK_STATUS(expected, shs_probe(child_pid(refuser)));
    end(refuser);
}

/* It may just be stopping, and beginning again; the second time it is meant. */
static void who_hangs_up_is_asked_twice(void) {
    check_refused(HANGS_UP_ONCE, SHS_OK);
    check_refused(HANGS_UP_TWICE, SHS_E_PROTOCOL);
}

static void who_is_crowded_is_asked_again(void) { check_refused(IS_CROWDED, SHS_OK); }

static const struct test tests[] = {
    { "an honest one, to compare with", an_honest_one },
    { "a child that answers for its parent", a_child_that_answers },
    { "another user that answers", another_user_that_answers },
    { "objects that can be cut, or have no memory", objects_that_can_be_cut },
    { "every way to lie", every_way_to_lie },
    { "lies about words", lies_about_words },
    { "a status is an answer, or none", statuses_are_answers_or_none },
    { "a refusal that does not wait for HELLO", a_refusal_that_does_not_wait_for_hello },
    { "who hangs up is asked twice", who_hangs_up_is_asked_twice },
    { "who is crowded is asked again", who_is_crowded_is_asked_again },
};

static const struct role roles[] = { { "impostor", impostor_role },
                                     { "deputy", deputy_role },
                                     { "successor", successor_role },
                                     { "refuser", refuser_role } };

SUITE_WITH_ROLES("impostors", tests, roles, LENGTH(roles))
