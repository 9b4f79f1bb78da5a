/*
 * Sections: the memory of a block.
 *
 * A block is a section of the paging file: a header of 64 bytes that tells a block from other sections, and the data.
 * Windows commits the memory when the section is made, so no later use fails for want of it.
 *
 * The header lies in memory that every process with a view can write to. It only says what the section claims to be;
 * how far a view can be read is what VirtualQuery says. A section of a file is refused, whatever its header: the file's
 * owner could cut it, and reading the view would fault.
 *
 * Owns nothing: sections belong to who made or took them, views to view.c.
 */
#include "win32/section.h"

#include <assert.h>
#include <psapi.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "win32/process.h"

/* The same for 32-bit and 64-bit processes. Its size keeps the data on a cache line. */
struct header {
    char magic[8];
    uint32_t version;
    uint32_t length; /* of the header: where the data begins */
    uint64_t size;
    uint8_t reserved[40];
};
static_assert(sizeof(struct header) == 64, "views are aligned to 64 bytes");

static const struct header header_of_blocks = {
    { 's', 'h', 's', 'h', 'a', 'r', 'e', 'd' }, 1, sizeof(struct header), 0, { 0 }
};

/* The rights that MapViewOfFile asks for are those of the handle, under a second name. */
static_assert(FILE_MAP_READ == SECTION_MAP_READ && FILE_MAP_WRITE == SECTION_MAP_WRITE, "one set of rights");

DWORD shs__section_rights(shs_access access) {
    return access == SHS_READ_WRITE ? SECTION_MAP_READ | SECTION_MAP_WRITE : SECTION_MAP_READ;
}

shs_status shs__section_create(size_t size, HANDLE *section) {
    if (size > PTRDIFF_MAX - sizeof(struct header)) return shs__backend_error(SHS_E_NO_MEMORY, 0);
    const uint64_t length = sizeof(struct header) + (uint64_t)size;
    HANDLE made = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, (DWORD)(length >> 32),
                                     (DWORD)(length & 0xFFFFFFFFu), NULL);
    if (made == NULL) return shs__backend_error(SHS_E_NO_MEMORY, (long)GetLastError());
    *section = made;
    return SHS_OK;
}

shs_status shs__section_begin(HANDLE section, size_t bytes, void **view) {
    struct header *header = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, sizeof *header + bytes);
    if (header == NULL) return shs__backend_error(SHS_E_NO_MEMORY, (long)GetLastError());
    *view = header + 1;
    return SHS_OK;
}

void shs__section_finish(void *view, size_t size) {
    struct header *header = (struct header *)view - 1;
    *header = header_of_blocks;
    header->size = size;
}

static bool is_view_of_file(const void *base) {
    WCHAR name[MAX_PATH];
    SetLastError(ERROR_SUCCESS);
    return GetMappedFileNameW(GetCurrentProcess(), (void *)base, name, MAX_PATH) != 0 ||
           GetLastError() == ERROR_INSUFFICIENT_BUFFER;
}

/* How many bytes can be accessed at base, where a view begins: 0 when it shows anything but the paging file. */
static size_t bounds(const void *base) {
    MEMORY_BASIC_INFORMATION region;
    if (VirtualQuery(base, &region, sizeof region) == 0) return 0;
    if (region.State != MEM_COMMIT || region.Type != MEM_MAPPED) return 0;
    return is_view_of_file(base) ? 0 : region.RegionSize;
}

/* Is there a block's header at base? It is read once, as peers can write to it; room is for the data after it. */
static bool read_header(const void *base, struct header *header, size_t *room) {
    const size_t accessible = bounds(base);
    if (accessible < sizeof *header) return false;
    *header = *(const volatile struct header *)base;
    *room = accessible - sizeof *header;
    return memcmp(header, &header_of_blocks, offsetof(struct header, size)) == 0;
}

/* The library gives no handle without the right to read. */
static shs_status map_failed(shs_access access, DWORD error) {
    if (error != ERROR_ACCESS_DENIED) return shs__system_failed(error);
    return shs__backend_error(access == SHS_READ_WRITE ? SHS_E_READ_ONLY : SHS_E_HANDLE, (long)error);
}

shs_status shs__section_prove(HANDLE section, shs_access access, const void **proof) {
    struct header header;
    size_t room = 0;
    const struct header *base = MapViewOfFile(section, shs__section_rights(access), 0, 0, sizeof header);
    if (base == NULL) return map_failed(access, GetLastError());
    if (!read_header(base, &header, &room)) {
        UnmapViewOfFile(base);
        return shs__backend_error(SHS_E_HANDLE, 0);
    }
    *proof = base + 1;
    return SHS_OK;
}

shs_status shs__section_map(HANDLE section, shs_access access, void **view, size_t *size) {
    struct header header;
    size_t room = 0;
    struct header *base = MapViewOfFile(section, shs__section_rights(access), 0, 0, 0);
    if (base == NULL) return map_failed(access, GetLastError());
    if (!read_header(base, &header, &room) || header.size > room) {
        UnmapViewOfFile(base);
        return shs__backend_error(SHS_E_HANDLE, 0);
    }
    *view = base + 1;
    *size = (size_t)header.size;
    return SHS_OK;
}

void shs__section_unmap(const void *view) { UnmapViewOfFile((const struct header *)view - 1); }
