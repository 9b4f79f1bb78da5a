/*
 * What this process may read.
 *
 * A caller's data is copied into a block by this process itself, so a wild pointer would be a fault here, where POSIX
 * has EFAULT. The system's map of the address space is asked first, which makes it a status. It is no proof against a
 * thread that unmaps the data during the call; nor is it in POSIX against one that writes to it.
 *
 * Owns nothing.
 */
#include "win32/memory.h"

#include <windows.h>

static const DWORD readable_protections = PAGE_READONLY | PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READ |
                                          PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;

static bool is_readable(const MEMORY_BASIC_INFORMATION *region) {
    return region->State == MEM_COMMIT && (region->Protect & readable_protections) != 0 &&
           (region->Protect & PAGE_GUARD) == 0;
}

bool shs__memory_is_readable(const void *data, size_t size) {
    const char *at = data;
    size_t left = size;
    while (left != 0) {
        MEMORY_BASIC_INFORMATION region;
        if (VirtualQuery(at, &region, sizeof region) == 0 || !is_readable(&region)) return false;
        const size_t here = region.RegionSize - (size_t)(at - (const char *)region.BaseAddress);
        if (here >= left) return true;
        at += here;
        left -= here;
    }
    return true;
}
