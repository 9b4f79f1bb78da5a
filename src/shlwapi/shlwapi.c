/*
 * The shell's functions on top of the neutral API, and the attachment of the process when the library is loaded.
 *
 * A HANDLE carries the neutral handle in its low 32 bits; all other bits are 0. What Windows' functions do where the
 * neutral API does something else is settled here; the numbers of the errors are settled in errors.c.
 */
#include <shlwapi.h>

#include "errors.h"

/*
 * On Windows a process can be given blocks without doing anything for it, from its beginning. So here, once the library
 * is loaded; who gives waits for that. A failure is reported by the first call that suffers from it.
 */
__attribute__((constructor)) static void attach(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.await_starting = 1;
    (void)shs_start(&options);
}

/* A forked child can be given blocks from its first call of whatever function of the layer: whatever its arguments. */
static void attach_forked(void) { (void)shs_self(); }

/* A number that no handle has, as it is not a multiple of 4. */
#define NEVER_A_HANDLE 1u

static shs_handle neutral(HANDLE shared) {
    const ULONG_PTR number = (ULONG_PTR)shared;
    return number <= UINT32_MAX ? (shs_handle)number : NEVER_A_HANDLE;
}

static HANDLE native(shs_handle handle) { return (HANDLE)(ULONG_PTR)handle; }

#define PAGE UINT64_C(4096)
#define HEADER UINT64_C(4) /* bytes of its pages that Windows keeps for itself */

/* On Windows a block has the rest of its last page, and shell code leans on it: it writes more than it asked for, and
 * reads text without its end. */
static size_t room_of(DWORD size) {
    const uint64_t room = (size + HEADER + PAGE - 1) / PAGE * PAGE - HEADER;
    return room > SIZE_MAX ? size : (size_t)room;
}

HANDLE WINAPI SHAllocShared(const void *data, DWORD size, DWORD process) {
    shs_handle handle;
    attach_forked();
    const shs_status status = shs_alloc_room(data, size, room_of(size), process, &handle);
    return shs__succeeded(CALL_ALLOC, status) ? native(handle) : NULL;
}

/* For writing too if the handle allows it: a handle for reading gives a view for reading, as no access is asked for. */
void *WINAPI SHLockShared(HANDLE shared, DWORD process) {
    void *view;
    attach_forked();
    shs_status status = shs_lock(neutral(shared), process, SHS_READ_WRITE, &view, NULL);
    if (status == SHS_E_READ_ONLY) status = shs_lock(neutral(shared), process, SHS_READ, &view, NULL);
    return shs__succeeded(CALL_LOCK, status) ? view : NULL;
}

void *WINAPI SHLockSharedEx(HANDLE shared, DWORD process, BOOL writable) {
    void *view;
    attach_forked();
    const shs_access access = writable ? SHS_READ_WRITE : SHS_READ;
    return shs__succeeded(CALL_LOCK, shs_lock(neutral(shared), process, access, &view, NULL)) ? view : NULL;
}

BOOL WINAPI SHUnlockShared(void *view) {
    attach_forked();
    return shs__succeeded(CALL_UNLOCK, shs_unlock(view));
}

BOOL WINAPI SHFreeShared(HANDLE shared, DWORD process) {
    attach_forked();
    return shs__succeeded(CALL_FREE, shs_free(neutral(shared), process));
}

static BOOL is_missing(DWORD process) { return shs_probe(process) == SHS_E_NO_PROCESS; }

#define RIGHTS_TO_WRITE (FILE_MAP_WRITE | GENERIC_WRITE | GENERIC_ALL)

/* Map with the access that was asked for; none, or the same, is what the handle has. A handle that could only be waited
 * for, or copied on writing, can be read here. */
static shs_status map(shs_handle source, DWORD from, DWORD to, DWORD asked, shs_handle *mapped) {
    if (asked != 0 && (asked & RIGHTS_TO_WRITE) == 0) return shs_map_handle(source, from, to, SHS_READ, mapped);
    const shs_status status = shs_map_handle(source, from, to, SHS_READ_WRITE, mapped);
    if (status != SHS_E_READ_ONLY || asked != 0) return status;
    return shs_map_handle(source, from, to, SHS_READ, mapped);
}

/* The shell's function looks for both processes before it looks at the handle, and does nothing when one is missing.
 * After that the source is closed whatever happens, as DuplicateHandle() does. */
HANDLE WINAPI SHMapHandle(HANDLE shared, DWORD from, DWORD to, DWORD access, DWORD options) {
    attach_forked();
    if (shared == NULL) return NULL;
    const shs_handle source = neutral(shared);
    shs_handle mapped;
    const DWORD asked = options & DUPLICATE_SAME_ACCESS ? 0 : access;
    shs_status status = map(source, from, to, asked, &mapped);
    if (status == SHS_E_HANDLE && (is_missing(from) || is_missing(to))) status = SHS_E_NO_PROCESS;
    if ((options & DUPLICATE_CLOSE_SOURCE) && status != SHS_E_NO_PROCESS) (void)shs_free(source, from);
    return shs__succeeded(CALL_MAP, status) ? native(mapped) : NULL;
}
