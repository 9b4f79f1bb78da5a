/*
 * <windows.h> for code ported to POSIX: what callers of SHAllocShared() and its family use around it.
 *
 * It has types, constants and macros under Windows' names and with Windows' sizes, and the three functions below; it
 * declares no function that libshshared-shlwapi does not have. C99 and C++11.
 *
 * A project that has such types already (in a windows.h of its own, found first, or in another header) defines
 * SHSHARED_NO_WIN32_TYPES: then only the functions are declared, here and in <shlwapi.h>, and they use the project's
 * DWORD, BOOL and HANDLE, which must have been declared before.
 */
#ifndef SHSHARED_WIN32_WINDOWS_H
#define SHSHARED_WIN32_WINDOWS_H

#ifndef SHSHARED_NO_WIN32_TYPES
#include "winbase.h"
#include "winerror.h"
#include "winuser.h"
#ifndef WIN32_LEAN_AND_MEAN
#include "shellapi.h"
#endif
#endif
#ifndef WINAPI
#define WINAPI
#endif

#include "../export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* This process, as other processes name it when they give it a block. It changes in a forked child. */
SHS_API DWORD WINAPI GetCurrentProcessId(void);

/* Why the last call that failed in this thread did so. Calls that succeed leave it as it was. */
SHS_API DWORD WINAPI GetLastError(void);
SHS_API void WINAPI SetLastError(DWORD error);

#ifdef __cplusplus
}
#endif

#endif
