/*
 * The mode of an object is what it was made with. macOS.
 */
#include <errno.h>

#include "behaviour.h"

NEXT(fchmod)

SHOWN int fchmod(int fd, mode_t mode) {
    if (!is_shm_object(fd)) return next_fchmod()(fd, mode);
    errno = EINVAL;
    return -1;
}
