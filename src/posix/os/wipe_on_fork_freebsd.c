/*
 * Pages that a fork wipes, on FreeBSD 12 and later: INHERIT_ZERO. See wipe_on_fork.h.
 */
#include <sys/mman.h>

#include "os/wipe_on_fork.h"

bool shs__wipe_on_fork(void *pages, size_t size) { return minherit(pages, size, INHERIT_ZERO) == 0; }
