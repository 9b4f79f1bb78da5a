/*
 * What a process owns, as Windows tells it: views, and handles of sections, processes and threads.
 *
 * The system opens handles of other types for itself when it likes, so GetProcessHandleCount() would say nothing. The
 * types are found in the system's table by handles that were made for the purpose.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "leaks.h"

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

typedef LONG(WINAPI *query_system)(ULONG, void *, ULONG, ULONG *);

#define EXTENDED_HANDLE_INFORMATION 64
#define SNAPSHOT_SIZE ((ULONG)32 << 20)

/* NULL where the system does not tell. */
static struct handle_snapshot *take_snapshot(void) {
    const HMODULE module = GetModuleHandleA("ntdll.dll");
    struct handle_snapshot *snapshot = malloc(SNAPSHOT_SIZE);
    if (module == NULL || snapshot == NULL) return NULL;
    const query_system query = (query_system)(void (*)(void))GetProcAddress(module, "NtQuerySystemInformation");
    if (query != NULL && query(EXTENDED_HANDLE_INFORMATION, snapshot, SNAPSHOT_SIZE, NULL) >= 0) return snapshot;
    free(snapshot);
    return NULL;
}

#define SAMPLES 3

static void make_samples(HANDLE samples[SAMPLES]) {
    const HANDLE self = GetCurrentProcess();
    samples[0] = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 1, NULL);
    DuplicateHandle(self, self, self, &samples[1], 0, FALSE, DUPLICATE_SAME_ACCESS);
    DuplicateHandle(self, GetCurrentThread(), self, &samples[2], 0, FALSE, DUPLICATE_SAME_ACCESS);
}

static bool is_own(const struct handle_entry *entry) { return entry->pid == GetCurrentProcessId(); }

static bool has_type_of(const struct handle_snapshot *snapshot, HANDLE sample, USHORT type) {
    for (ULONG_PTR i = 0; i < snapshot->count; i++) {
        const struct handle_entry *entry = &snapshot->entries[i];
        if (is_own(entry) && entry->handle == (ULONG_PTR)sample) return entry->type == type;
    }
    return false;
}

/* How many handles the process has of the type of the sample, without the sample. */
static size_t count_like(const struct handle_snapshot *snapshot, HANDLE sample, FILE *out) {
    size_t count = 0;
    for (ULONG_PTR i = 0; i < snapshot->count; i++) {
        const struct handle_entry *entry = &snapshot->entries[i];
        if (!is_own(entry) || entry->handle == (ULONG_PTR)sample) continue;
        if (!has_type_of(snapshot, sample, entry->type)) continue;
        count++;
        if (out != NULL) fprintf(out, "handle %#llx of type %u\n", (unsigned long long)entry->handle, entry->type);
    }
    return count;
}

static size_t count_handles(FILE *out) {
    size_t count = 0;
    HANDLE samples[SAMPLES];
    make_samples(samples);
    struct handle_snapshot *snapshot = take_snapshot();
    for (size_t i = 0; i < SAMPLES; i++) {
        if (snapshot != NULL) count += count_like(snapshot, samples[i], out);
        CloseHandle(samples[i]);
    }
    free(snapshot);
    return count;
}

static size_t count_views(FILE *out) {
    size_t count = 0;
    MEMORY_BASIC_INFORMATION region;
    const char *at = NULL;
    while (VirtualQuery(at, &region, sizeof region) != 0) {
        at = (const char *)region.BaseAddress + region.RegionSize;
        if (region.Type != MEM_MAPPED || region.BaseAddress != region.AllocationBase) continue;
        count++;
        if (out != NULL) fprintf(out, "view %p of %zu bytes\n", region.BaseAddress, (size_t)region.RegionSize);
    }
    return count;
}

/* Threads are not counted here. */
void leaks_warm_up(void) {}

void leaks_measure(struct leaks *now) {
    *now = (struct leaks){ .descriptors = count_handles(NULL), .mappings = count_views(NULL) };
}

void leaks_describe(void) {
    count_handles(stderr);
    count_views(stderr);
}
