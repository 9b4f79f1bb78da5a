/*
 * <shlwapi.h> for code ported to POSIX: blocks of memory for a process known by its process id.
 *
 * The pair (handle, process id) names a block for every process; programs send it to each other by whatever means they
 * have. A process that links libshshared-shlwapi can be given blocks from the moment it is loaded. What each function
 * returns, and which last error it leaves, is what Windows' own does; docs/porting.md lists it, and what differs.
 *
 * Where Windows says HANDLE, DWORD and BOOL the declarations have what these are: void *, uint32_t and int. So nobody
 * else's types of these names, and nobody's WINAPI, can change how a function is called.
 */
#ifndef SHSHARED_WIN32_SHLWAPI_H
#define SHSHARED_WIN32_SHLWAPI_H

#include <windows.h>

#include "../export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A block of size bytes in the process: a copy of data, or zeros where data is NULL. NULL on failure. */
SHS_API void *SHAllocShared(const void *data, uint32_t size, uint32_t process);

/* Make a block visible, for reading and writing or, with SHLockSharedEx() and FALSE, for reading. NULL on failure. */
SHS_API void *SHLockShared(void *shared, uint32_t process);
SHS_API void *SHLockSharedEx(void *shared, uint32_t process, int writable);

/* Give back a view that one of the two returned. */
SHS_API int SHUnlockShared(void *view);

/* Close the handle in its process. Views stay valid. No handle (NULL) is no failure. */
SHS_API int SHFreeShared(void *shared, uint32_t process);

/*
 * A second handle to the block, valid in process to. An access without FILE_MAP_WRITE, GENERIC_WRITE or GENERIC_ALL
 * makes a handle for reading; access 0 and the option DUPLICATE_SAME_ACCESS keep the access of the first. The option
 * DUPLICATE_CLOSE_SOURCE frees the first handle.
 */
SHS_API void *SHMapHandle(void *shared, uint32_t from, uint32_t to, uint32_t access, uint32_t options);

#ifdef __cplusplus
}
#endif

#endif
