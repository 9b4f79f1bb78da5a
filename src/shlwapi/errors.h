/*
 * What a status of the neutral API is called by GetLastError().
 *
 * The same failure has another number in another function: a process that does not exist is an invalid parameter to who
 * allocates in it, and an invalid handle to who locks. So the number depends on the status and on the family of calls.
 */
#ifndef SHSHARED_SHLWAPI_ERRORS_H
#define SHSHARED_SHLWAPI_ERRORS_H

#include <shshared/shshared.h>
#include <windows.h>

enum call_family { CALL_ALLOC, CALL_LOCK, CALL_UNLOCK, CALL_FREE, CALL_MAP };
#define CALL_FAMILIES (CALL_MAP + 1)

/* Did the call succeed? If not, its last error is set; if so, the last error is left as it was. */
BOOL shs__succeeded(enum call_family family, shs_status status);

#endif
