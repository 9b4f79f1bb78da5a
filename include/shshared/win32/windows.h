/*
 * <windows.h> for code ported to POSIX: what callers of SHAllocShared() and its family use around it.
 *
 * It has types, constants and macros under Windows' names and with Windows' sizes, and the functions below; it
 * declares no function that libshshared-shlwapi does not have. C99 and C++11.
 *
 * A project that has such types already (in a windows.h of its own, found first, or in another header) defines
 * SHSHARED_NO_WIN32_TYPES: then only the functions are declared, here and in <shlwapi.h>. Its DWORD, BOOL and HANDLE
 * must have been declared before, and be as large as Windows'. What other libraries' headers have is left to them:
 * beside.h.
 */
#ifndef SHSHARED_WIN32_WINDOWS_H
#define SHSHARED_WIN32_WINDOWS_H

#include <stdint.h>

#include "beside.h"

#ifndef SHSHARED_NO_WIN32_TYPES
#include "winbase.h"
#include "winerror.h"
#include "winuser.h"
#ifndef WIN32_LEAN_AND_MEAN
#include "shellapi.h"
#endif
#endif
#include "../export.h"

#ifdef SHSHARED_NO_WIN32_TYPES
/* What does not compile here is a type of the project that is not as large as Windows'. */
typedef char SHSHARED_BOOL_HAS_4_BYTES[sizeof(BOOL) == 4 ? 1 : -1];
typedef char SHSHARED_DWORD_HAS_4_BYTES[sizeof(DWORD) == 4 ? 1 : -1];
typedef char SHSHARED_HANDLE_IS_A_POINTER[sizeof(HANDLE) == sizeof(void *) ? 1 : -1];
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* This process, as other processes name it when they give it a block. It changes in a forked child. */
SHS_API uint32_t GetCurrentProcessId(void);

/* This thread, among all that the process has or had: no number of the system's. */
SHS_API uint32_t GetCurrentThreadId(void);

/* Close a block's handle in this process. There are no other objects. */
SHS_API int CloseHandle(void *object);

/* Why the last call that failed in this thread did so. Calls that succeed leave it as it was. */
SHS_API uint32_t GetLastError(void);
SHS_API void SetLastError(uint32_t error);

#ifdef __cplusplus
}
#endif

#endif
