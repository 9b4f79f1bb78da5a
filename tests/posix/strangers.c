/*
 * Pids of processes that cannot be given anything: not attached, zombies, other users' processes, pid 1.
 *
 * Every function that names a process says why, with the status that the table below gives.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/suite.h"
#include "support/system.h"

#define UNTOUCHED 0x5A5A5A5Au
#define ERRNO_BEFORE 4711
#define OTHER_USER 54321u

/* errno is looked at before anything else can change it. */
static void check(shs_status expected, shs_status actual, const char *call) {
    char text[128];
    const bool kept = errno == ERRNO_BEFORE;
    snprintf(text, sizeof text, "%s: %s instead of %s, or errno changed", call, shs_status_name(actual),
             shs_status_name(expected));
    check_true(expected == actual && kept, text, __FILE__, __LINE__, false);
    errno = ERRNO_BEFORE;
}

/* All that can be asked of a process, and one call that names it as the second of two. */
static void every_call_says(shs_status expected, shs_pid pid) {
    const shs_handle own = block_new(1, 10, shs_self());
    shs_handle handle = UNTOUCHED;
    void *view = &handle;
    size_t count = UNTOUCHED;
    errno = ERRNO_BEFORE;
    check(expected, shs_probe(pid), "probe");
    check(expected, shs_alloc("data", 4, pid, &handle), "alloc");
    check(expected, shs_lock(own, pid, SHS_READ, &view, NULL), "lock");
    check(expected, shs_free(own, pid), "free");
    check(expected, shs_map_handle(own, pid, shs_self(), SHS_READ, &handle), "map from");
    check(expected, shs_map_handle(own, shs_self(), pid, SHS_READ, &handle), "map to");
    check(expected, shs_list(pid, NULL, 0, &count), "list");
    check(SHS_OK, shs_free(0, pid), "free of no block");
    CHECK(handle == UNTOUCHED && view == &handle && count == UNTOUCHED);
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
}

static void not_attached(void) {
    struct child *child = actor_start();
    every_call_says(SHS_E_NOT_ATTACHED, child_pid(child));
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(child, (struct actor_request){ .command = ACTOR_START }).status);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(child)));
    actor_end(child);
}

/* Any call starts the library: also one that has nothing to ask of others, and fails. */
static void attached_by_a_failed_call(void) {
    static const uint32_t calls[] = { ACTOR_LOCK, ACTOR_FREE };
    for (size_t i = 0; i < LENGTH(calls); i++) {
        struct child *child = actor_start();
        const struct actor_request request = { .command = calls[i], .handle = 4, .pid = child_pid(child) };
        CHECK_STATUS(SHS_E_HANDLE, (shs_status)actor_ask(child, request).status);
        CHECK_STATUS(SHS_OK, shs_probe(child_pid(child)));
        actor_end(child);
    }
}

static void zombie(void) {
    struct child *attached = actor_start_attached();
    struct child *never_attached = actor_start();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(attached)));
    child_kill(attached);
    child_kill(never_attached);
    every_call_says(SHS_E_NO_PROCESS, child_pid(attached));
    every_call_says(SHS_E_NO_PROCESS, child_pid(never_attached));
    CHECK(child_wait(attached) == CHILD_KILLED);
    CHECK(child_wait(never_attached) == CHILD_KILLED);
}

static void process_of_another_user(void) {
    if (!system_tells_users()) return;
    if (geteuid() != 0) {
        skip("only root can become another user");
        return;
    }
    struct child *child = actor_start();
    const struct actor_request become = { .command = ACTOR_BECOME, .number = OTHER_USER };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(child, become).status);
    every_call_says(SHS_E_ACCESS, child_pid(child));
    actor_end(child);
}

static void first_process(void) { every_call_says(geteuid() == 0 ? SHS_E_NOT_ATTACHED : SHS_E_ACCESS, 1); }

static void kernel_thread(void) {
    if (getppid() == 2 || access("/proc/2/status", F_OK) != 0) {
        skip("no kernel threads are visible");
        return;
    }
    every_call_says(geteuid() == 0 ? SHS_E_NOT_ATTACHED : SHS_E_ACCESS, 2);
}

static const struct test tests[] = {
    { "a process that never called the library", not_attached },
    { "attached by a failed call", attached_by_a_failed_call },
    { "zombies", zombie },
    { "a process of another user", process_of_another_user },
    { "the first process", first_process },
    { "the second process, a kernel thread", kernel_thread },
};

SUITE("strangers", tests)
