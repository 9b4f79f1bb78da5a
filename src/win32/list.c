/*
 * The blocks of a process.
 *
 * Anybody may have given it some, and Windows keeps the only record: its table of handles. NtQuerySystemInformation
 * shows the tables of all processes, with the type of each object and the rights of each handle. What is a section is
 * duplicated and looked at; all else is left alone, as even a short-lived duplicate of somebody's file keeps it open.
 *
 * The class used is not in Microsoft's headers (System Informer and the like live on it), so it may be gone one day:
 * then the answer is SHS_E_UNSUPPORTED. Who gave a block, nothing tells.
 *
 * Owns nothing.
 */
#include "win32/list.h"

#include <stdlib.h>
#include <winternl.h>

#include "win32/section.h"
#include "win32/transfer.h"

enum { extended_handle_information = 64, first_guess = 1 << 18, most_tries = 10 };

#define STATUS_LENGTH_MISMATCH ((NTSTATUS)0xC0000004)
#define STATUS_NO_QUERY ((NTSTATUS)0xC0000002) /* "not implemented" */

struct handle_entry {
    void *object;
    ULONG_PTR pid;
    ULONG_PTR handle;
    ULONG rights;
    USHORT creator;
    USHORT type;
    ULONG attributes;
    ULONG reserved;
};

struct handle_snapshot {
    ULONG_PTR count;
    ULONG_PTR reserved;
    struct handle_entry entries[1];
};

typedef NTSTATUS(WINAPI *query_system)(ULONG, void *, ULONG, ULONG *);

static NTSTATUS query_handles(struct handle_snapshot *snapshot, ULONG size) {
    const HMODULE module = GetModuleHandleW(L"ntdll.dll");
    query_system query = NULL;
    if (module != NULL) query = (query_system)(void (*)(void))GetProcAddress(module, "NtQuerySystemInformation");
    return query == NULL ? STATUS_NO_QUERY : query(extended_handle_information, snapshot, size, NULL);
}

/* The caller frees it; NULL on failure. Handles come and go, so the size needed is known once it was enough. */
static struct handle_snapshot *take_snapshot(shs_status *failure) {
    NTSTATUS result = STATUS_LENGTH_MISMATCH;
    ULONG size = first_guess;
    for (int tries = 0; result == STATUS_LENGTH_MISMATCH && tries < most_tries; tries++, size *= 2) {
        struct handle_snapshot *snapshot = malloc(size);
        if (snapshot == NULL) break;
        result = query_handles(snapshot, size);
        if (result >= 0) return snapshot;
        free(snapshot);
    }
    *failure = shs__backend_error(result == STATUS_LENGTH_MISMATCH ? SHS_E_NO_MEMORY : SHS_E_UNSUPPORTED, result);
    return NULL;
}

/* The number that means "section" in a snapshot is that of a sample, which was made for the purpose. */
static bool find_section_type(const struct handle_snapshot *snapshot, HANDLE sample, USHORT *type) {
    for (ULONG_PTR i = 0; i < snapshot->count; i++) {
        const struct handle_entry *entry = &snapshot->entries[i];
        if (entry->pid != GetCurrentProcessId() || entry->handle != (ULONG_PTR)sample) continue;
        *type = entry->type;
        return true;
    }
    return false;
}

/* A snapshot, which the caller frees, and the type of sections in it; NULL on failure. */
static struct handle_snapshot *survey(USHORT *section_type, shs_status *failure) {
    HANDLE sample = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 1, NULL);
    if (sample == NULL) {
        *failure = shs__system_failed(GetLastError());
        return NULL;
    }
    struct handle_snapshot *snapshot = take_snapshot(failure);
    CloseHandle(sample);
    if (snapshot == NULL || find_section_type(snapshot, sample, section_type)) return snapshot;
    free(snapshot);
    *failure = shs__backend_error(SHS_E_UNSUPPORTED, 0);
    return NULL;
}

/* Only a handle with the very rights that the library gives can be a block's. */
static bool has_rights_of_block(const struct handle_entry *entry) {
    return entry->rights == shs__section_rights(SHS_READ) || entry->rights == shs__section_rights(SHS_READ_WRITE);
}

static void gather(const struct handle_snapshot *snapshot, shs_pid owner, USHORT type, struct candidates *candidates) {
    for (ULONG_PTR i = 0; i < snapshot->count; i++) {
        const struct handle_entry *entry = &snapshot->entries[i];
        if (entry->pid != owner || entry->type != type || !has_rights_of_block(entry)) continue;
        const bool writable = entry->rights == shs__section_rights(SHS_READ_WRITE);
        candidates->handles[candidates->count++] = (struct shs_block_info){ .handle = (shs_handle)entry->handle,
                                                                            .writable = writable,
                                                                            .viewers = SHS_VIEWERS_UNKNOWN };
    }
}

static size_t handles_of(const struct handle_snapshot *snapshot, shs_pid owner) {
    size_t count = 0;
    for (ULONG_PTR i = 0; i < snapshot->count; i++) {
        count += snapshot->entries[i].pid == owner;
    }
    return count;
}

shs_status shs__list_candidates(const struct process *owner, struct candidates *candidates) {
    shs_status status = SHS_OK;
    USHORT section_type = 0;
    struct handle_snapshot *snapshot = survey(&section_type, &status);
    if (snapshot == NULL) return status;
    *candidates = (struct candidates){ calloc(handles_of(snapshot, owner->pid) + 1, sizeof(struct shs_block_info)), 0 };
    if (candidates->handles != NULL) gather(snapshot, owner->pid, section_type, candidates);
    free(snapshot);
    return candidates->handles != NULL ? SHS_OK : shs__backend_error(SHS_E_NO_MEMORY, ERROR_OUTOFMEMORY);
}

bool shs__list_describe(const struct process *owner, struct shs_block_info *candidate) {
    HANDLE section = NULL;
    void *view = NULL;
    size_t size = 0;
    if (shs__transfer_take(owner, candidate->handle, &section) != SHS_OK) return false;
    const shs_status status = shs__section_map(section, SHS_READ, &view, &size);
    CloseHandle(section);
    if (status != SHS_OK) return false;
    shs__section_unmap(view);
    candidate->size = size;
    return true;
}
