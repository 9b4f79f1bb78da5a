/* See list.c. */
#ifndef SHSHARED_WIN32_LIST_H
#define SHSHARED_WIN32_LIST_H

#include <stdbool.h>

#include "win32/process.h"

/* Handles of a process that may be blocks: what is known of each without looking at the memory. */
struct candidates {
    struct shs_block_info *handles;
    size_t count;
};

/* The caller frees the handles. SHS_E_UNSUPPORTED where Windows tells nothing of handles. */
shs_status shs__list_candidates(const struct process *owner, struct candidates *candidates);

/* Is it a block? Then its size is told as well. It may have been freed, or may never have been one. */
bool shs__list_describe(const struct process *owner, struct shs_block_info *candidate);

#endif
