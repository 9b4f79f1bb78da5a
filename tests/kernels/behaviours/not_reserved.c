/*
 * Nothing reserves memory for an object: it comes at the first touch. macOS, NetBSD, OpenBSD, older FreeBSD.
 */
#include <errno.h>
#include <fcntl.h>

#include "behaviour.h"

NEXT(posix_fallocate64)

SHOWN int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    return is_shm_object(fd) ? EINVAL : next_posix_fallocate64()(fd, offset, length);
}

SHOWN int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }
