/*
 * CloseHandle(), as far as it has a meaning here: for a block's handle in the process itself. Apart from the rest, as
 * programs have functions of that name.
 */
#include <shlwapi.h>

BOOL WINAPI CloseHandle(HANDLE object) {
    if (object != NULL) return SHFreeShared(object, GetCurrentProcessId());
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}
