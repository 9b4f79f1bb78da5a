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
#include <stdlib.h>
#include <string.h>

#include "win32/list.h"
#include "win32/memory.h"
#include "win32/process.h"
#include "win32/section.h"
#include "win32/transfer.h"
#include "win32/view.h"

/*
 * A block that is taken or given has a number in this process for a moment, and a handle that was freed here may have
 * had the same. Who frees therefore waits until nothing is in transit, and proves and closes with nobody in between.
 * All of these are moments: what takes as long as a block is large happens outside, as the filling does. A section that
 * is being filled has a number here as well, but is no block yet.
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

static DWORD begin_call(void) {
    start_by_call();
    return GetLastError();
}

static shs_status end_call(DWORD kept, shs_status status) {
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

/* A view, noted as one; otherwise it is gone. */
static shs_status note_view(void *view, size_t size) {
    if (shs__view_add(view, size)) return SHS_OK;
    shs__section_unmap(view);
    return shs__backend_error(SHS_E_NO_MEMORY, ERROR_OUTOFMEMORY);
}

/* The note goes first: once the view is gone, its address can be another thread's next view. */
static shs_status unlock_block(const void *view) {
    if (!shs__view_remove(view)) return shs__backend_error(SHS_E_VIEW, 0);
    shs__section_unmap(view);
    return SHS_OK;
}

/* A section that shall be a block: its first bytes can be written at view, and nobody knows it yet. */
struct draft {
    HANDLE section;
    void *view;
    size_t size;
};

/* Only as much is mapped as is written: zeros need no view, and a 32-bit process has few addresses. */
static shs_status begin_draft(const struct contents *contents, size_t written, struct draft *draft) {
    draft->size = contents->size;
    AcquireSRWLockShared(&transit);
    shs_status status = shs__section_create(contents->room, &draft->section);
    ReleaseSRWLockShared(&transit);
    if (status != SHS_OK) return status;
    status = shs__section_begin(draft->section, written, &draft->view);
    if (status != SHS_OK) CloseHandle(draft->section);
    return status;
}

static shs_status fill(const struct draft *draft, const void *data) {
    if (data == NULL) return SHS_OK;
    if (!shs__memory_is_readable(data, draft->size)) return shs__backend_error(SHS_E_ARGUMENT, 0);
    memcpy(draft->view, data, draft->size);
    return SHS_OK;
}

/* Make it a block, and the owner's. The section is closed; the view stays. */
static shs_status deliver(const struct draft *draft, shs_pid owner, shs_handle *handle) {
    AcquireSRWLockShared(&transit);
    shs__section_finish(draft->view, draft->size);
    const shs_status status = give(draft->section, owner, SHS_READ_WRITE, handle);
    ReleaseSRWLockShared(&transit);
    return status;
}

static shs_status alloc_block(const struct contents *contents, shs_pid owner, shs_handle *handle) {
    struct draft draft;
    shs_status status = begin_draft(contents, contents->data != NULL ? contents->size : 0, &draft);
    if (status != SHS_OK) return status;
    status = fill(&draft, contents->data);
    if (status == SHS_OK)
        status = deliver(&draft, owner, handle);
    else
        CloseHandle(draft.section);
    shs__section_unmap(draft.view);
    return status;
}

/* The view comes first: a block that was given cannot be taken back. */
static shs_status alloc_locked_block(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    const struct contents unfilled = { NULL, size, size };
    struct draft draft;
    shs_status status = begin_draft(&unfilled, size, &draft);
    if (status != SHS_OK) return status;
    status = note_view(draft.view, size);
    if (status != SHS_OK) {
        CloseHandle(draft.section);
        return status;
    }
    status = deliver(&draft, owner, handle);
    if (status == SHS_OK)
        *view = draft.view;
    else
        (void)unlock_block(draft.view);
    return status;
}

static shs_status lock_block(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    HANDLE section = NULL;
    void *mapped = NULL;
    size_t length = 0;
    AcquireSRWLockShared(&transit);
    shs_status status = take(handle, owner, &section);
    if (status == SHS_OK) {
        status = shs__section_map(section, access, &mapped, &length);
        CloseHandle(section);
    }
    ReleaseSRWLockShared(&transit);
    if (status == SHS_OK) status = note_view(mapped, length);
    if (status != SHS_OK) return status;
    *view = mapped;
    if (size != NULL) *size = length;
    return SHS_OK;
}

/* Nothing is in transit. The memory is held by the proof, NULL where there is none: to free it may take its time. */
static shs_status free_block(shs_handle handle, shs_pid owner, const void **proof) {
    struct process process;
    HANDLE section = NULL;
    shs_status status = shs__process_open(owner, &process);
    if (status != SHS_OK) return status;
    status = shs__transfer_take(&process, handle, &section);
    if (status == SHS_OK) {
        status = shs__section_prove(section, SHS_READ, proof);
        if (status == SHS_OK) status = shs__transfer_close(&process, handle, section);
        CloseHandle(section);
    }
    shs__process_close(&process);
    return status;
}

static shs_status map_block(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    HANDLE section = NULL;
    const void *proof;
    shs_status status = take(handle, from, &section);
    if (status != SHS_OK) return status;
    status = shs__section_prove(section, access, &proof);
    if (status != SHS_OK) {
        CloseHandle(section);
        return status;
    }
    shs__section_unmap(proof);
    return give(section, to, access, mapped);
}

/* A process that can be asked, and has not ended. */
static shs_status open_living(shs_pid pid, struct process *process) {
    shs_status status = shs__process_open(pid, process);
    if (status != SHS_OK) return status;
    status = shs__process_living(process);
    if (status != SHS_OK) shs__process_close(process);
    return status;
}

static shs_status probe(shs_pid pid) {
    struct process process;
    const shs_status status = open_living(pid, &process);
    if (status == SHS_OK) shs__process_close(&process);
    return status;
}

/* Whatever of the candidates is a block, one at a time, so that who frees waits for one only. */
static size_t list_blocks(struct process *owner, const struct candidates *candidates, struct shs_block_info *blocks,
                          size_t capacity) {
    size_t count = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        struct shs_block_info block = candidates->handles[i];
        AcquireSRWLockShared(&transit);
        const bool is_block = shs__list_describe(owner, &block);
        ReleaseSRWLockShared(&transit);
        if (is_block && count < capacity) blocks[count] = block;
        count += is_block;
    }
    return count;
}

/* What turns out to be no block is no failure, and leaves no error behind. */
static shs_status list(shs_pid pid, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    struct process owner;
    struct candidates candidates;
    const long error_before = shs_native_error();
    shs_status status = open_living(pid, &owner);
    if (status != SHS_OK) return status;
    AcquireSRWLockShared(&transit);
    status = shs__list_candidates(&owner, &candidates);
    ReleaseSRWLockShared(&transit);
    if (status == SHS_OK) {
        *count = list_blocks(&owner, &candidates, blocks, capacity);
        free(candidates.handles);
        (void)shs__backend_error(SHS_OK, error_before);
    }
    shs__process_close(&owner);
    return status;
}

/* With nothing in transit: what is freed is what was there. */
static void free_own_blocks(void) {
    struct process self = { GetCurrentProcessId(), GetCurrentProcess() };
    struct candidates candidates;
    if (shs__list_candidates(&self, &candidates) != SHS_OK) return;
    for (size_t i = 0; i < candidates.count; i++) {
        const void *proof = NULL;
        (void)free_block(candidates.handles[i].handle, self.pid, &proof);
        if (proof != NULL) shs__section_unmap(proof);
    }
    free(candidates.handles);
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
    if (give_back_start()) free_own_blocks();
    ReleaseSRWLockExclusive(&transit);
    SetLastError(kept);
}

shs_pid shs__backend_self(void) {
    start_by_call();
    return GetCurrentProcessId();
}

shs_status shs__backend_alloc(const struct contents *contents, shs_pid owner, shs_handle *handle) {
    const DWORD kept = begin_call();
    return end_call(kept, alloc_block(contents, owner, handle));
}

shs_status shs__backend_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    const DWORD kept = begin_call();
    return end_call(kept, alloc_locked_block(size, owner, handle, view));
}

shs_status shs__backend_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    const DWORD kept = begin_call();
    return end_call(kept, lock_block(handle, owner, access, view, size));
}

shs_status shs__backend_unlock(const void *view) {
    const DWORD kept = GetLastError();
    return end_call(kept, unlock_block(view));
}

shs_status shs__backend_free(shs_handle handle, shs_pid owner) {
    const DWORD kept = begin_call();
    const void *proof = NULL;
    AcquireSRWLockExclusive(&transit);
    const shs_status status = free_block(handle, owner, &proof);
    ReleaseSRWLockExclusive(&transit);
    if (proof != NULL) shs__section_unmap(proof);
    return end_call(kept, status);
}

shs_status shs__backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    const DWORD kept = begin_call();
    AcquireSRWLockShared(&transit);
    const shs_status status = map_block(handle, from, to, access, mapped);
    ReleaseSRWLockShared(&transit);
    return end_call(kept, status);
}

shs_status shs__backend_view_size(const void *view, size_t *size) {
    return shs__view_find(view, size) ? SHS_OK : shs__backend_error(SHS_E_VIEW, 0);
}

shs_status shs__backend_probe(shs_pid pid) {
    const DWORD kept = begin_call();
    return end_call(kept, probe(pid));
}

/* Who lives and may be opened takes blocks. */
shs_status shs__backend_wait(shs_pid pid, uint32_t timeout_ms) {
    (void)timeout_ms;
    return shs__backend_probe(pid);
}

shs_status shs__backend_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    const DWORD kept = begin_call();
    return end_call(kept, list(owner, blocks, capacity, count));
}

int shs__backend_poll_fd(void) { return -1; }

shs_status shs__backend_dispatch(void) { return SHS_OK; }
