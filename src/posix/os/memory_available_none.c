/*
 * Systems that do not tell how much memory is left, or that fail a reservation by themselves. See memory_available.h.
 */
#include "os/memory_available.h"

uint64_t shs__memory_available(const char *root) {
    (void)root;
    return UINT64_MAX;
}
