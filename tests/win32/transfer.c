/*
 * The closing of a handle in its owner, from inside: what was proved, and what has the number by then, are two things.
 *
 * This is the moment between proof and closing, in which another process freed the block and the owner opened something
 * else. No test from outside can hold it still.
 */
#include "win32/transfer.h"

#include "native.h"
#include "support/actor.h"
#include "support/suite.h"

static void check_put_back(shs_pid pid) {
    struct process owner;
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    const HANDLE proved = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 100, NULL);
    const shs_handle handle = native_give(event, pid);
    REQUIRE_STATUS(SHS_OK, shs__process_open(pid, &owner));
    CHECK_STATUS(SHS_E_HANDLE, shs__transfer_close(&owner, handle, proved));
    CHECK(native_is_event(handle, pid, event));
    native_close(handle, pid);
    shs__process_close(&owner);
    CloseHandle(proved);
    CloseHandle(event);
}

static void in_another_process(void) {
    struct child *owner = actor_start_attached();
    check_put_back(child_pid(owner));
    actor_end(owner);
}

static void in_this_process(void) { check_put_back(shs_self()); }

static void what_was_proved_is_closed(void) {
    struct process owner;
    const HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 100, NULL);
    const shs_handle handle = native_give(section, shs_self());
    REQUIRE_STATUS(SHS_OK, shs__process_open(shs_self(), &owner));
    CHECK_STATUS(SHS_OK, shs__transfer_close(&owner, handle, section));
    CHECK(native_take(handle, shs_self()) == NULL);
    CHECK_STATUS(SHS_E_HANDLE, shs__transfer_close(&owner, handle, section));
    shs__process_close(&owner);
    CloseHandle(section);
}

static const struct test tests[] = {
    { "what was closed by mistake is put back in another process", in_another_process },
    { "what was closed by mistake is put back in this process", in_this_process },
    { "what was proved is closed", what_was_proved_is_closed },
};

SUITE("transfer", tests)
