/*
 * The numbers of this process and of its threads: apart from the rest, so that a program that has functions of these
 * names itself can be linked with the static library.
 */
#include <shshared/shshared.h>
#include <stdatomic.h>
#include <windows.h>

DWORD WINAPI GetCurrentProcessId(void) { return shs_self(); }

/* Not the system's number: one that no other thread of the process has or had. A multiple of 4, as on Windows. */
DWORD WINAPI GetCurrentThreadId(void) {
    static _Atomic DWORD last;
    static _Thread_local DWORD own;
    (void)shs_self(); /* like all of the layer, it attaches a forked child */
    if (own == 0) own = atomic_fetch_add(&last, 4u) + 4u;
    return own;
}
