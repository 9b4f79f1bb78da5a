/*
 * The size of a shared memory object is set once, and is whole pages. macOS.
 */
#include <errno.h>
#include <unistd.h>

#include "behaviour.h"

NEXT(ftruncate64)

static int set_size(int fd, off64_t size) {
    struct stat about;
    if (is_shm_object(fd) && fstat(fd, &about) == 0) {
        if (about.st_size != 0) {
            errno = EINVAL;
            return -1;
        }
        const off64_t page = sysconf(_SC_PAGESIZE);
        size = (size + page - 1) / page * page;
    }
    return next_ftruncate64()(fd, size);
}

SHOWN int ftruncate64(int fd, off64_t size) { return set_size(fd, size); }

SHOWN int ftruncate(int fd, off_t size) { return set_size(fd, size); }
