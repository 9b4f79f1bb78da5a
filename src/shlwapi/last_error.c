/*
 * The last error: a number for each thread, 0 at first.
 *
 * The rest of the layer sets it through SetLastError() and not behind its back, so that a program that has a last error
 * of its own, under these names, sees there what this library reports. Like all of the layer, they attach a forked
 * child.
 */
#include <shshared/shshared.h>
#include <windows.h>

static _Thread_local DWORD last_error;

DWORD WINAPI GetLastError(void) {
    (void)shs_self();
    return last_error;
}

void WINAPI SetLastError(DWORD error) {
    (void)shs_self();
    last_error = error;
}
