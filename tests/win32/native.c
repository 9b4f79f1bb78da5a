/*
 * DuplicateHandle() in the four ways that tests need. See native.h.
 */
#include "native.h"

#include "support/suite.h"

HANDLE native_of(shs_handle handle) { return (HANDLE)(ULONG_PTR)handle; }

shs_handle handle_of(HANDLE native) { return (shs_handle)(ULONG_PTR)native; }

/* No handle of this process itself: it would take the very number that a test waits for. */
static HANDLE open_process(shs_pid pid) {
    if (pid == shs_self()) return GetCurrentProcess();
    const HANDLE process = OpenProcess(PROCESS_DUP_HANDLE, FALSE, pid);
    REQUIRE(process != NULL);
    return process;
}

shs_handle native_give(HANDLE object, shs_pid pid) {
    HANDLE given = NULL;
    const HANDLE process = open_process(pid);
    CHECK(DuplicateHandle(GetCurrentProcess(), object, process, &given, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CloseHandle(process);
    return handle_of(given);
}

static HANDLE duplicate(shs_handle handle, shs_pid pid, DWORD options) {
    HANDLE taken = NULL;
    const HANDLE process = open_process(pid);
    const BOOL done = DuplicateHandle(process, native_of(handle), GetCurrentProcess(), &taken, 0, FALSE,
                                      DUPLICATE_SAME_ACCESS | options);
    CloseHandle(process);
    return done ? taken : NULL;
}

HANDLE native_take(shs_handle handle, shs_pid pid) { return duplicate(handle, pid, 0); }

void native_close(shs_handle handle, shs_pid pid) {
    const HANDLE taken = duplicate(handle, pid, DUPLICATE_CLOSE_SOURCE);
    CHECK(taken != NULL && CloseHandle(taken));
}

bool native_is_event(shs_handle handle, shs_pid pid, HANDLE event) {
    const HANDLE taken = native_take(handle, pid);
    if (taken == NULL || !ResetEvent(event)) return false;
    const bool set = SetEvent(taken) && WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
    CloseHandle(taken);
    return set;
}
