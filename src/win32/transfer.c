/*
 * Handles on their way from one process to another.
 *
 * A handle's number means nothing outside its owner. DuplicateHandle makes one here of one there, or one there of one
 * here; with DUPLICATE_CLOSE_SOURCE it is also the only way to close one there.
 *
 * A duplicate is taken with the rights that the handle has and no more: Windows would grant others when asked, as a
 * section without a name is open to whoever can duplicate it, and a handle for reading would be none.
 *
 * Owns nothing: a handle that was taken is the caller's, one that was given is its new owner's.
 */
#include "win32/transfer.h"

#include <stdbool.h>

#include "win32/section.h"

#define STATUS_HANDLE_NOT_CLOSABLE ((LONG)0xC0000235)

typedef BOOL(WINAPI *compare_handles)(HANDLE, HANDLE);

static HANDLE native(shs_handle handle) { return (HANDLE)(ULONG_PTR)handle; }

/* A handle that keeps what the public header says of every handle. Windows numbers them from 4, in steps of 4. */
static bool is_presentable(HANDLE handle) { return ((ULONG_PTR)handle & ~(ULONG_PTR)0x7FFFFFFC) == 0; }

/* NULL before Windows 10: nothing tells there whether two handles name one object. */
static compare_handles comparison(void) {
    const HMODULE module = GetModuleHandleW(L"kernelbase.dll");
    if (module == NULL) return NULL;
    return (compare_handles)(void (*)(void))GetProcAddress(module, "CompareObjectHandles");
}

/* Do two handles of this process name one object? Where nothing tells, it is taken for granted. */
static bool same_object(HANDLE one, HANDLE other) {
    const compare_handles compare = comparison();
    return compare == NULL || compare(one, other);
}

shs_status shs__transfer_take(const struct process *from, shs_handle handle, HANDLE *section) {
    if (DuplicateHandle(from->handle, native(handle), GetCurrentProcess(), section, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return SHS_OK;
    return shs__process_failed(from, GetLastError());
}

shs_status shs__transfer_give(const struct process *to, HANDLE section, shs_access access, shs_handle *handle) {
    HANDLE given = NULL;
    if (!DuplicateHandle(GetCurrentProcess(), section, to->handle, &given, shs__section_rights(access), FALSE,
                         DUPLICATE_CLOSE_SOURCE))
        return shs__process_failed(to, GetLastError());
    if (!is_presentable(given)) {
        DuplicateHandle(to->handle, given, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
        return shs__backend_error(SHS_E_LIMIT, 0);
    }
    *handle = (shs_handle)(ULONG_PTR)given;
    return SHS_OK;
}

/*
 * Put back what was closed by mistake. A process gives a number that has just become free to the next handle, so it has
 * its old number again (and here already has it, when the duplicate was the next). When another thread was faster, the
 * number that it got is known to nobody and is closed.
 */
static void put_back(const struct process *owner, shs_handle handle, HANDLE closed) {
    HANDLE again = NULL;
    if (owner->handle == GetCurrentProcess() && closed == native(handle)) return;
    if (DuplicateHandle(GetCurrentProcess(), closed, owner->handle, &again, 0, FALSE,
                        DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE) &&
        again != native(handle))
        DuplicateHandle(owner->handle, again, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
}

/* Does the handle still name what was closed? Where nothing tells, it does not. */
static bool is_still_open(const struct process *owner, shs_handle handle, HANDLE proved) {
    const compare_handles compare = comparison();
    HANDLE left = NULL;
    if (compare == NULL ||
        !DuplicateHandle(owner->handle, native(handle), GetCurrentProcess(), &left, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return false;
    const bool same = compare(proved, left);
    CloseHandle(left);
    return same;
}

/*
 * Between the proof and the closing, others may have freed the block, and the owner may have been given its number for
 * something else. What was closed is therefore compared with what was proved. A handle that is protected from close
 * stays, and of that nothing is said: so one more look.
 */
shs_status shs__transfer_close(const struct process *owner, shs_handle handle, HANDLE proved) {
    HANDLE closed = NULL;
    if (!DuplicateHandle(owner->handle, native(handle), GetCurrentProcess(), &closed, 0, FALSE,
                         DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE))
        return shs__process_failed(owner, GetLastError());
    if (!same_object(proved, closed)) {
        put_back(owner, handle, closed);
        return shs__backend_error(SHS_E_HANDLE, 0);
    }
    CloseHandle(closed);
    if (is_still_open(owner, handle, proved)) return shs__backend_error(SHS_E_SYSTEM, STATUS_HANDLE_NOT_CLOSABLE);
    return SHS_OK;
}
