/*
 * A forked child has all memory of its parent: no page is wiped. Linux before 4.14, macOS, illumos.
 */
#include <errno.h>
#include <sys/mman.h>

#include "behaviour.h"

NEXT(madvise)

SHOWN int madvise(void *address, size_t length, int advice) {
    if (advice != MADV_WIPEONFORK) return next_madvise()(address, length, advice);
    errno = EINVAL;
    return -1;
}
