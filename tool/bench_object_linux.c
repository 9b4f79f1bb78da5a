/*
 * bench: a fresh memory object, on Linux: a memfd.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

int bench_object(size_t size) {
    const int fd = memfd_create("shshared-bench", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, (off_t)size) == 0) return fd;
    (void)close(fd);
    return -1;
}
