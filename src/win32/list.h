/* See list.c. */
#ifndef SHSHARED_WIN32_LIST_H
#define SHSHARED_WIN32_LIST_H

#include "win32/process.h"

typedef void (*list_visit)(void *context, const struct shs_block_info *block);

/* Call visit for every block of owner. SHS_E_UNSUPPORTED where Windows tells nothing of handles. */
shs_status shs__list_blocks(const struct process *owner, list_visit visit, void *context);

#endif
