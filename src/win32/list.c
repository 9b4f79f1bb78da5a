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

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <winternl.h>

#include "win32/section.h"
#include "win32/transfer.h"

enum { extended_handle_information = 64, first_guess = 1 << 18, most_tries = 10 };

#define STATUS_LENGTH_MISMATCH ((NTSTATUS)0xC0000004)

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

static query_system find_query(void) {
    const HMODULE module = GetModuleHandleW(L"ntdll.dll");
    if (module == NULL) return NULL;
    return (query_system)(void (*)(void))GetProcAddress(module, "NtQuerySystemInformation");
}

/* The caller frees it. Handles come and go, so the size needed is only known once it was enough. */
static shs_status take_snapshot(struct handle_snapshot **snapshot) {
    const query_system query = find_query();
    if (query == NULL) return backend_error(SHS_E_UNSUPPORTED, (long)GetLastError());
    ULONG size = first_guess;
    for (int tries = 0; tries < most_tries; tries++, size *= 2) {
        struct handle_snapshot *taken = malloc(size);
        if (taken == NULL) return backend_error(SHS_E_NO_MEMORY, ERROR_OUTOFMEMORY);
        const NTSTATUS status = query(extended_handle_information, taken, size, NULL);
        if (status >= 0) {
            *snapshot = taken;
            return SHS_OK;
        }
        free(taken);
        if (status != STATUS_LENGTH_MISMATCH) return backend_error(SHS_E_UNSUPPORTED, status);
    }
    return backend_error(SHS_E_NO_MEMORY, ERROR_OUTOFMEMORY);
}

static bool is_handle_of(const struct handle_entry *entry, shs_pid pid, ULONG_PTR handle) {
    return entry->pid == pid && entry->handle == handle;
}

/* A snapshot, and the number that means "section" in it: that of a section which was made for the purpose. */
static shs_status survey(struct handle_snapshot **snapshot, USHORT *section_type) {
    HANDLE sample = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 1, NULL);
    if (sample == NULL) return system_failed(GetLastError());
    const shs_status status = take_snapshot(snapshot);
    CloseHandle(sample);
    if (status != SHS_OK) return status;
    for (ULONG_PTR i = 0; i < (*snapshot)->count; i++) {
        const struct handle_entry *entry = &(*snapshot)->entries[i];
        if (!is_handle_of(entry, GetCurrentProcessId(), (ULONG_PTR)sample)) continue;
        *section_type = entry->type;
        return SHS_OK;
    }
    free(*snapshot);
    return backend_error(SHS_E_UNSUPPORTED, 0);
}

/* Only a handle with the very rights that the library gives can be a block's. */
static bool has_rights_of_block(const struct handle_entry *entry) {
    return entry->rights == section_rights(SHS_READ) || entry->rights == section_rights(SHS_READ_WRITE);
}

/* Is it a block, and which? It may have been freed, or may never have been one. */
static bool describe(const struct process *owner, const struct handle_entry *entry, struct shs_block_info *block) {
    HANDLE section = NULL;
    void *view = NULL;
    size_t size = 0;
    const shs_handle handle = (shs_handle)entry->handle;
    if (transfer_take(owner, handle, &section) != SHS_OK) return false;
    const shs_status status = section_map(section, SHS_READ, &view, &size);
    CloseHandle(section);
    if (status != SHS_OK) return false;
    section_unmap(view);
    const bool writable = entry->rights == section_rights(SHS_READ_WRITE);
    *block = (struct shs_block_info){ .size = size, .handle = handle, .writable = writable };
    return true;
}

shs_status list_blocks(const struct process *owner, list_visit visit, void *context) {
    struct handle_snapshot *snapshot = NULL;
    USHORT section_type = 0;
    const shs_status status = survey(&snapshot, &section_type);
    if (status != SHS_OK) return status;
    for (ULONG_PTR i = 0; i < snapshot->count; i++) {
        const struct handle_entry *entry = &snapshot->entries[i];
        struct shs_block_info block;
        if (entry->pid != owner->pid || entry->type != section_type || !has_rights_of_block(entry)) continue;
        if (describe(owner, entry, &block)) visit(context, &block);
    }
    free(snapshot);
    return SHS_OK;
}
