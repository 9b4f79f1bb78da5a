/*
 * Pages that a fork wipes, on Linux 4.14 and later: MADV_WIPEONFORK. See wipe_on_fork.h.
 */
#include <sys/mman.h>

#include "os/wipe_on_fork.h"

bool shs__wipe_on_fork(void *pages, size_t size) { return madvise(pages, size, MADV_WIPEONFORK) == 0; }
