/*
 * <shlwapi.h> for code ported to POSIX: blocks of memory for a process known by its process id.
 *
 * The pair (handle, process id) names a block for every process; programs send it to each other by whatever means they
 * have. A process that links libshshared-shlwapi can be given blocks from the moment it is loaded. What each function
 * returns, and which last error it leaves, is what Windows' own does; docs/porting.md lists it, and what differs.
 */
#ifndef SHSHARED_WIN32_SHLWAPI_H
#define SHSHARED_WIN32_SHLWAPI_H

#include <windows.h>

#include "../export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A block of size bytes in the process: a copy of data, or zeros where data is NULL. NULL on failure. */
SHS_API HANDLE WINAPI SHAllocShared(const void *data, DWORD size, DWORD process);

/* Make a block visible, for reading and writing or, with SHLockSharedEx() and FALSE, for reading. NULL on failure. */
SHS_API void *WINAPI SHLockShared(HANDLE shared, DWORD process);
SHS_API void *WINAPI SHLockSharedEx(HANDLE shared, DWORD process, BOOL writable);

/* Give back a view that one of the two returned. */
SHS_API BOOL WINAPI SHUnlockShared(void *view);

/* Close the handle in its process. Views stay valid. No handle (NULL) is no failure. */
SHS_API BOOL WINAPI SHFreeShared(HANDLE shared, DWORD process);

/*
 * A second handle to the block, valid in process to. An access without FILE_MAP_WRITE, GENERIC_WRITE or GENERIC_ALL
 * makes a handle for reading; access 0 and the option DUPLICATE_SAME_ACCESS keep the access of the first. The option
 * DUPLICATE_CLOSE_SOURCE frees the first handle.
 */
SHS_API HANDLE WINAPI SHMapHandle(HANDLE shared, DWORD from, DWORD to, DWORD access, DWORD options);

#ifdef __cplusplus
}
#endif

#endif
