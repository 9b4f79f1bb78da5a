/*
 * Give a block to a child as soon as it was started, as after CreateProcess(): young PROGRAM [PROGRAM THAT TAKES NONE].
 * Exit code 0: each got it.
 */
#include <shlwapi.h>
#include <stdio.h>

#include "start.h"

#define CHILDREN 30

static int fail(const char *what) {
    printf("%s: last error %u\n", what, (unsigned)GetLastError());
    return 1;
}

static int give_and_take(HANDLE shared, DWORD process) {
    const char *view = SHLockShared(shared, process);
    const int same = view != NULL && strcmp(view, "gift") == 0;
    return same && SHUnlockShared((void *)view) && SHFreeShared(shared, process);
}

static int give_to(const char *program, int i) {
    const DWORD me = GetCurrentProcessId();
    struct started child;
    if (start(program, "idle", &child) != 0) return fail("start");
    HANDLE own = SHAllocShared("gift", 5, me);
    HANDLE there = i % 2 == 0 ? SHAllocShared("gift", 5, child.pid)
                              : SHMapHandle(own, me, child.pid, FILE_MAP_READ | FILE_MAP_WRITE, 0);
    const int given = there != NULL && give_and_take(there, child.pid);
    const int failed = given ? 0 : fail(i % 2 == 0 ? "SHAllocShared" : "SHMapHandle");
    SHFreeShared(own, me);
    end_started(&child);
    return failed;
}

/* One that has been there for long is not waited for; one that is young is, and then it is as on Windows. */
static int refuse(DWORD process) {
    SetLastError(0);
    if (SHAllocShared("gift", 5, process) != NULL) return fail("a block for who takes none");
    return GetLastError() == ERROR_NOT_SUPPORTED ? 0 : fail("another error");
}

int main(int count, char **arguments) {
    struct started other;
    int failed = count == 3 ? 0 : 1;
    for (int i = 0; i < CHILDREN && !failed; i++)
        failed = give_to(arguments[1], i);
    if (failed || start(arguments[2], "-", &other) != 0) return 1;
    failed = refuse(other.pid);
    if (!failed) failed = refuse(other.pid);
    end_started(&other);
    return failed;
}
