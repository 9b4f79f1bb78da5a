/*
 * A program with functions of its own under names that the layer has, too: linked statically, it keeps them. Exit code
 * 0: that works.
 */
#define SHSHARED_NO_WIN32_TYPES
typedef unsigned int DWORD;
typedef int BOOL;
typedef void *HANDLE;
#include <shlwapi.h>
#include <shshared/shshared.h>

static int asked;

uint32_t GetCurrentProcessId(void) {
    asked++;
    return shs_self();
}

int CloseHandle(void *object) { return object == 0; }

int main(void) {
    HANDLE shared = SHAllocShared("own", 4, GetCurrentProcessId());
    const char *view = SHLockShared(shared, GetCurrentProcessId());
    if (view == 0 || view[0] != 'o' || asked != 2) return 1;
    if (!SHUnlockShared((void *)view) || !SHFreeShared(shared, GetCurrentProcessId())) return 2;
    return CloseHandle(0) ? 0 : 3;
}
