/*
 * A program with Win32 types of its own, which leaves those of the library out. Exit code 0: the functions work with
 * them.
 */
#include "own_types.h"

#define SHSHARED_NO_WIN32_TYPES
#include <shlwapi.h>

#ifdef MAX_PATH
#error "a constant of the library was not left out"
#endif

int main(void) {
    const HANDLE shared = SHAllocShared("own", 4, GetCurrentProcessId());
    const char *view = SHLockShared(shared, GetCurrentProcessId());
    if (view == 0 || view[0] != 'o') return 1;
    if (SHUnlockShared((void *)view) != TRUE || SHFreeShared(shared, GetCurrentProcessId()) != TRUE) return 2;
    if (SHFreeShared(shared, GetCurrentProcessId()) != FALSE) return 3;
    return GetLastError() == ERROR_INVALID_HANDLE ? 0 : 4;
}
