/*
 * Constants and memory macros that callers of the shared-memory functions use around them: part of <windows.h> for code
 * ported to POSIX.
 *
 * FILE_MAP_* is the access, and DUPLICATE_* (winnt.h) the options, of SHMapHandle().
 */
#ifndef SHSHARED_WIN32_WINBASE_H
#define SHSHARED_WIN32_WINBASE_H

#include "windef.h"

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#ifndef INFINITE
#define INFINITE 0xFFFFFFFFu
#endif

#define FILE_MAP_COPY SECTION_QUERY
#define FILE_MAP_WRITE SECTION_MAP_WRITE
#define FILE_MAP_READ SECTION_MAP_READ
#define FILE_MAP_EXECUTE SECTION_MAP_EXECUTE_EXPLICIT
#define FILE_MAP_ALL_ACCESS SECTION_ALL_ACCESS

#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory
#define FillMemory RtlFillMemory
#define ZeroMemory RtlZeroMemory

#endif
