/*
 * bench: a fresh memory object, by POSIX: shm_open(), and its name taken away.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

int bench_object(size_t size) {
    char name[24]; /* some systems want them short */
    (void)snprintf(name, sizeof name, "/shsbench%ld", (long)getpid());
    const int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0) (void)shm_unlink(name);
    if (fd < 0 || ftruncate(fd, (off_t)size) == 0) return fd;
    (void)close(fd);
    return -1;
}
