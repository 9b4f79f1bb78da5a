/*
 * The backend contract on Windows: one function for each promise of backend.h.
 *
 * Here it is decided in which order the parts act: reach the process (process.c), carry a handle over (transfer.c), see
 * that it is a block (section.c), note the view (view.c). Windows itself answers for the owner, so nothing is served,
 * nobody has to attach, no call waits, and the options have no meaning here.
 *
 * GetLastError() is left as it was, as errno is in share.c.
 */
#include <stdbool.h>

#include "win32/list.h"
#include "win32/process.h"
#include "win32/section.h"
#include "win32/transfer.h"
#include "win32/view.h"

/*
 * A section that is taken or given has a number in this process for a moment, and a handle that was freed here may have
 * had the same. Who frees therefore waits until nothing is in transit, and proves and closes with nobody in between.
 */
static SRWLOCK transit = SRWLOCK_INIT;

/*
 * How many starts there are to give back. Nothing has to be started here, but the last stop frees the blocks of this
 * process: so starts are counted as everywhere, and the first call counts as one.
 */
static volatile LONG starts;

static void start_by_call(void) { InterlockedCompareExchange(&starts, 1, 0); }

/* Was it the last? Not where there is none to give back. */
static bool give_back_start(void) {
    LONG seen = starts;
    while (seen > 0) {
        const LONG before = InterlockedCompareExchange(&starts, seen - 1, seen);
        if (before == seen) return seen == 1;
        seen = before;
    }
    return false;
}

static DWORD enter(void) {
    const DWORD kept = GetLastError();
    AcquireSRWLockShared(&transit);
    return kept;
}

static DWORD start_and_enter(void) {
    start_by_call();
    return enter();
}

static shs_status leave(DWORD kept, shs_status status) {
    ReleaseSRWLockShared(&transit);
    SetLastError(kept);
    return status;
}

/* A duplicate of the handle of a block, for this process to close. */
static shs_status take(shs_handle handle, shs_pid owner, HANDLE *section) {
    struct process process;
    shs_status status = shs__process_open(owner, &process);
    if (status != SHS_OK) return status;
    status = shs__transfer_take(&process, handle, section);
    shs__process_close(&process);
    return status;
}

/* The section is closed, whatever comes of it. */
static shs_status give(HANDLE section, shs_pid owner, shs_access access, shs_handle *handle) {
    struct process process;
    shs_status status = shs__process_open(owner, &process);
    if (status != SHS_OK) {
        CloseHandle(section);
        return status;
    }
    status = shs__transfer_give(&process, section, access, handle);
    shs__process_close(&process);
    return status;
}

static shs_status alloc_block(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    HANDLE section = NULL;
    const shs_status status = shs__section_create(data, size, &section);
    return status == SHS_OK ? give(section, owner, SHS_READ_WRITE, handle) : status;
}

/* A view of a section, noted as one. */
static shs_status make_view(HANDLE section, shs_access access, void **view, size_t *size) {
    void *mapped = NULL;
    size_t length = 0;
    const shs_status status = shs__section_map(section, access, &mapped, &length);
    if (status != SHS_OK) return status;
    if (!shs__view_add(mapped, length)) {
        shs__section_unmap(mapped);
        return shs__backend_error(SHS_E_NO_MEMORY, ERROR_OUTOFMEMORY);
    }
    *view = mapped;
    *size = length;
    return SHS_OK;
}

static shs_status lock_block(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    HANDLE section = NULL;
    shs_status status = take(handle, owner, &section);
    if (status != SHS_OK) return status;
    status = make_view(section, access, view, size);
    CloseHandle(section);
    return status;
}

/* The note goes first: once the view is gone, its address can be another thread's next view. */
static shs_status unlock_block(const void *view) {
    if (!shs__view_remove(view)) return shs__backend_error(SHS_E_VIEW, 0);
    shs__section_unmap(view);
    return SHS_OK;
}

/* The view comes first: a block that was given cannot be taken back. */
static shs_status alloc_locked_block(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    HANDLE section = NULL;
    void *made = NULL;
    size_t length;
    shs_status status = shs__section_create(NULL, size, &section);
    if (status != SHS_OK) return status;
    status = make_view(section, SHS_READ_WRITE, &made, &length);
    if (status != SHS_OK) {
        CloseHandle(section);
        return status;
    }
    status = give(section, owner, SHS_READ_WRITE, handle);
    if (status == SHS_OK)
        *view = made;
    else
        (void)unlock_block(made);
    return status;
}

static shs_status free_block(shs_handle handle, shs_pid owner) {
    struct process process;
    HANDLE section = NULL;
    shs_status status = shs__process_open(owner, &process);
    if (status != SHS_OK) return status;
    status = shs__transfer_take(&process, handle, &section);
    if (status == SHS_OK) {
        status = shs__section_prove(section, SHS_READ);
        if (status == SHS_OK) status = shs__transfer_close(&process, handle, section);
        CloseHandle(section);
    }
    shs__process_close(&process);
    return status;
}

static shs_status map_block(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    HANDLE section = NULL;
    shs_status status = take(handle, from, &section);
    if (status != SHS_OK) return status;
    status = shs__section_prove(section, access);
    if (status == SHS_OK) return give(section, to, access, mapped);
    CloseHandle(section);
    return status;
}

static shs_status probe(shs_pid pid) {
    struct process process;
    shs_status status = shs__process_open(pid, &process);
    if (status != SHS_OK) return status;
    status = shs__process_living(&process);
    shs__process_close(&process);
    return status;
}

/* What a caller of shs_list() has room for. */
struct listing {
    struct shs_block_info *blocks;
    size_t capacity;
    size_t count;
};

static void add_to_listing(void *context, const struct shs_block_info *block) {
    struct listing *listing = context;
    if (listing->count < listing->capacity) listing->blocks[listing->count] = *block;
    listing->count++;
}

static shs_status visit_blocks(shs_pid owner, list_visit visit, void *context) {
    struct process process;
    shs_status status = shs__process_open(owner, &process);
    if (status != SHS_OK) return status;
    status = shs__process_living(&process);
    if (status == SHS_OK) status = shs__list_blocks(&process, visit, context);
    shs__process_close(&process);
    return status;
}

static void free_own(void *context, const struct shs_block_info *block) {
    (void)context;
    free_block(block->handle, GetCurrentProcessId());
}

/* The header says when: where the system needs no service, there is none for an application to do. */
shs_status shs__backend_start(const struct shs_options *options) {
    if (options->service == SHS_SERVE_APPLICATION) return shs__backend_error(SHS_E_UNSUPPORTED, 0);
    InterlockedIncrement(&starts);
    return SHS_OK;
}

void shs__backend_stop(void) {
    const DWORD kept = GetLastError();
    AcquireSRWLockExclusive(&transit);
    if (give_back_start()) visit_blocks(GetCurrentProcessId(), free_own, NULL);
    ReleaseSRWLockExclusive(&transit);
    SetLastError(kept);
}

shs_pid shs__backend_self(void) {
    start_by_call();
    return GetCurrentProcessId();
}

shs_status shs__backend_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    const DWORD kept = start_and_enter();
    return leave(kept, alloc_block(data, size, owner, handle));
}

shs_status shs__backend_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    const DWORD kept = start_and_enter();
    return leave(kept, alloc_locked_block(size, owner, handle, view));
}

shs_status shs__backend_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    const DWORD kept = start_and_enter();
    size_t unwanted;
    return leave(kept, lock_block(handle, owner, access, view, size == NULL ? &unwanted : size));
}

shs_status shs__backend_unlock(const void *view) {
    const DWORD kept = enter();
    return leave(kept, unlock_block(view));
}

shs_status shs__backend_free(shs_handle handle, shs_pid owner) {
    start_by_call();
    const DWORD kept = GetLastError();
    AcquireSRWLockExclusive(&transit);
    const shs_status status = free_block(handle, owner);
    ReleaseSRWLockExclusive(&transit);
    SetLastError(kept);
    return status;
}

shs_status shs__backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    const DWORD kept = start_and_enter();
    return leave(kept, map_block(handle, from, to, access, mapped));
}

shs_status shs__backend_view_size(const void *view, size_t *size) {
    const DWORD kept = enter();
    return leave(kept, shs__view_find(view, size) ? SHS_OK : shs__backend_error(SHS_E_VIEW, 0));
}

shs_status shs__backend_probe(shs_pid pid) {
    const DWORD kept = start_and_enter();
    return leave(kept, probe(pid));
}

shs_status shs__backend_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    const DWORD kept = start_and_enter();
    struct listing listing = { blocks, capacity, 0 };
    const shs_status status = visit_blocks(owner, add_to_listing, &listing);
    if (status == SHS_OK) *count = listing.count;
    return leave(kept, status);
}

int shs__backend_poll_fd(void) { return -1; }

shs_status shs__backend_dispatch(void) { return SHS_OK; }
