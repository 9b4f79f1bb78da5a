/*
 * The one table from statuses to Windows' error numbers, a column for each family of calls.
 *
 * The rows for handles, views and processes are what Windows' functions were seen to return. A live process that takes
 * no blocks is one in which no handle is valid to who locks or frees, as it would be on Windows; to who gives, it is
 * one that does not support it. The others are for failures that Windows' functions do not have, or report in many
 * ways.
 */
#include "errors.h"

#define ALL_FAMILIES(error) \
    { error, error, error, error, error }

static const DWORD numbers[][CALL_FAMILIES] = {
    [-SHS_OK] = ALL_FAMILIES(ERROR_SUCCESS),
    [-SHS_E_ARGUMENT] = ALL_FAMILIES(ERROR_INVALID_PARAMETER),
    [-SHS_E_HANDLE] = ALL_FAMILIES(ERROR_INVALID_HANDLE),
    [-SHS_E_VIEW] = ALL_FAMILIES(ERROR_INVALID_ADDRESS),
    [-SHS_E_NO_PROCESS] = { [CALL_ALLOC] = ERROR_INVALID_PARAMETER,
                            [CALL_LOCK] = ERROR_INVALID_HANDLE,
                            [CALL_UNLOCK] = ERROR_INVALID_ADDRESS,
                            [CALL_FREE] = ERROR_INVALID_HANDLE,
                            [CALL_MAP] = ERROR_INVALID_PARAMETER },
    [-SHS_E_NOT_ATTACHED] = { [CALL_ALLOC] = ERROR_NOT_SUPPORTED,
                              [CALL_LOCK] = ERROR_INVALID_HANDLE,
                              [CALL_UNLOCK] = ERROR_INVALID_ADDRESS,
                              [CALL_FREE] = ERROR_INVALID_HANDLE,
                              [CALL_MAP] = ERROR_NOT_SUPPORTED },
    [-SHS_E_ACCESS] = ALL_FAMILIES(ERROR_ACCESS_DENIED),
    [-SHS_E_NO_MEMORY] = ALL_FAMILIES(ERROR_NOT_ENOUGH_MEMORY),
    [-SHS_E_LIMIT] = ALL_FAMILIES(ERROR_TOO_MANY_OPEN_FILES),
    [-SHS_E_TIMEOUT] = ALL_FAMILIES(ERROR_TIMEOUT),
    [-SHS_E_PROTOCOL] = ALL_FAMILIES(ERROR_INVALID_DATA),
    [-SHS_E_UNSUPPORTED] = ALL_FAMILIES(ERROR_NOT_SUPPORTED),
    [-SHS_E_SYSTEM] = ALL_FAMILIES(ERROR_GEN_FAILURE),
    [-SHS_E_READ_ONLY] = ALL_FAMILIES(ERROR_ACCESS_DENIED),
    [-SHS_E_RUNTIME_DIR] = ALL_FAMILIES(ERROR_ACCESS_DENIED),
};

BOOL shs__succeeded(enum call_family family, shs_status status) {
    if (status == SHS_OK) return TRUE;
    SetLastError(numbers[-status][family]);
    return FALSE;
}
