/*
 * The unit of mappings.
 */
#ifndef SHSHARED_OS_PAGES_H
#define SHSHARED_OS_PAGES_H

#include <stdint.h>
#include <unistd.h>

static inline uint64_t page_size(void) { return (uint64_t)sysconf(_SC_PAGESIZE); }

/* A size rounded up to whole pages; 0 when that overflows. */
static inline uint64_t page_round(uint64_t size) {
    const uint64_t page = page_size();
    return size > UINT64_MAX - page ? 0 : (size + page - 1) / page * page;
}

#endif
