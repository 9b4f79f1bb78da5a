/*
 * Shared memory is mapped, and nothing else: no write() there. macOS.
 */
#include <errno.h>
#include <unistd.h>

#include "behaviour.h"

NEXT(pwrite64)
NEXT(write)

static ssize_t refuse(void) {
    errno = ENXIO;
    return -1;
}

SHOWN ssize_t write(int fd, const void *bytes, size_t length) {
    return is_shm_object(fd) ? refuse() : next_write()(fd, bytes, length);
}

SHOWN ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    return is_shm_object(fd) ? refuse() : next_pwrite64()(fd, bytes, length, offset);
}

SHOWN ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}
