/*
 * Random bytes from the kernel. See random.h. getentropy is in every system that this backend knows; kernels or
 * sandboxes that refuse it still have /dev/urandom.
 */
#include "os/random.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include "os/fd_tracking.h"

bool shs__random_bytes(void *bytes, size_t length) {
    if (getentropy(bytes, length) == 0) return true;
    const int fd = shs__fd_open(AT_FDCWD, "/dev/urandom", O_RDONLY);
    if (fd < 0) return false;
    const ssize_t got = read(fd, bytes, length);
    shs__fd_close(fd);
    if (got == (ssize_t)length) return true;
    errno = EIO;
    return false;
}
