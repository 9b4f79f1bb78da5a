/*
 * Processes that know nothing of the library, that ended, or that may not be opened.
 */
#include <stdio.h>
#include <stdlib.h>

#include "native.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/suite.h"

/* All that can be asked of a process says the same. */
static void every_call_says(shs_status expected, shs_pid pid) {
    const shs_handle own = block_new(1, 10, shs_self());
    shs_handle handle = 0;
    void *view = NULL;
    size_t count = 0;
    CHECK_STATUS(expected, shs_probe(pid));
    CHECK_STATUS(expected, shs_alloc("data", 4, pid, &handle));
    CHECK_STATUS(expected, shs_lock(own, pid, SHS_READ, &view, NULL));
    CHECK_STATUS(expected, shs_free(own, pid));
    CHECK_STATUS(expected, shs_map_handle(own, pid, shs_self(), SHS_READ, &handle));
    CHECK_STATUS(expected, shs_map_handle(own, shs_self(), pid, SHS_READ, &handle));
    CHECK_STATUS(expected, shs_list(pid, NULL, 0, &count));
    CHECK_STATUS(SHS_OK, shs_free(0, pid));
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
}

static void one_that_never_called_it(void) {
    struct child *stranger = actor_start();
    const shs_pid pid = child_pid(stranger);
    size_t count = 0;
    actor_ask(stranger, (struct actor_request){ .command = ACTOR_SELF }); /* it has counted what it owns */
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    const shs_handle handle = block_new(1, 100, pid);
    CHECK_STATUS(SHS_OK, shs_list(pid, NULL, 0, &count));
    CHECK_NUMBER(1, count);
    CHECK(block_holds(handle, pid, 1, 100));
    CHECK(actor_sees(stranger, handle, pid, 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    actor_end(stranger);
}

/* Held, it costs nobody anything: Windows answers for it. */
static void one_that_is_held(void) {
    if (!actors_can_be_held()) return;
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    REQUIRE(child_pause(owner));
    const shs_handle handle = block_new(1, 100, pid);
    CHECK(block_holds(handle, pid, 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK(child_resume(owner));
    actor_end(owner);
}

/* This process still has a handle of it, so that it can be opened. */
static void one_that_ended(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    block_new(1, 100, pid);
    child_kill(owner);
    every_call_says(SHS_E_NO_PROCESS, pid);
    CHECK(child_wait(owner) == CHILD_KILLED);
    every_call_says(SHS_E_NO_PROCESS, pid);
}

/* OpenProcess() takes these for their neighbour. */
static void pids_that_are_none(void) {
    for (shs_pid i = 1; i < 4; i++) {
        every_call_says(SHS_E_NO_PROCESS, shs_self() + i);
    }
}

/* Let everyone open this process with these rights, and nobody with others. */
static bool restrict_to(DWORD rights) {
    SECURITY_DESCRIPTOR descriptor;
    BYTE world[SECURITY_MAX_SID_SIZE];
    DWORD world_size = sizeof world;
    union {
        ACL list;
        BYTE room[256];
    } access;
    if (!InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION)) return false;
    if (!InitializeAcl(&access.list, sizeof access, ACL_REVISION)) return false;
    if (!CreateWellKnownSid(WinWorldSid, NULL, world, &world_size)) return false;
    if (rights != 0 && !AddAccessAllowedAce(&access.list, ACL_REVISION, rights, world)) return false;
    return SetSecurityDescriptorDacl(&descriptor, TRUE, &access.list, FALSE) &&
           SetKernelObjectSecurity(GetCurrentProcess(), DACL_SECURITY_INFORMATION, &descriptor);
}

/* Says whether the system let it restrict itself to the rights of its argument, and waits. */
static int fortress(char **arguments) {
    char end = 0;
    const bool ready = restrict_to((DWORD)strtoul(arguments[0], NULL, 10));
    parent_send(&ready, sizeof ready);
    parent_receive(&end, sizeof end);
    return 0;
}

static struct child *fortress_start(DWORD rights) {
    bool ready = false;
    char number[16];
    const char *arguments[] = { number, NULL };
    snprintf(number, sizeof number, "%lu", rights);
    struct child *child = child_start("fortress", arguments);
    REQUIRE(child != NULL && child_receive(child, &ready, sizeof ready));
    CHECK(ready);
    return child;
}

static void fortress_end(struct child *child) {
    const char end = 0;
    CHECK(child_send(child, &end, sizeof end));
    CHECK(child_wait(child) == 0);
}

static void one_that_may_not_be_opened(void) {
    struct child *child = fortress_start(0);
    every_call_says(SHS_E_ACCESS, child_pid(child));
    fortress_end(child);
}

static void one_that_grants_its_handles_alone(void) {
    struct child *child = fortress_start(PROCESS_DUP_HANDLE);
    const shs_pid pid = child_pid(child);
    shs_handle mapped = 0;
    size_t count = 0;
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    const shs_handle handle = block_new(1, 100, pid);
    CHECK(block_holds(handle, pid, 1, 100));
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, pid, pid, SHS_READ, &mapped));
    CHECK_STATUS(SHS_OK, shs_list(pid, NULL, 0, &count));
    CHECK_NUMBER(2, count);
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, pid));
    fortress_end(child);
}

static const struct test tests[] = {
    { "a process that never called the library", one_that_never_called_it },
    { "a process that is held", one_that_is_held },
    { "a process that ended", one_that_ended },
    { "numbers that are no pids", pids_that_are_none },
    { "a process that may not be opened", one_that_may_not_be_opened },
    { "a process that grants its handles alone", one_that_grants_its_handles_alone },
};

static const struct role roles[] = { { "fortress", fortress } };

SUITE_WITH_ROLES("strangers", tests, roles, LENGTH(roles))
