/*
 * Random bytes from the kernel. See random.h. Where there is no call for them, or a sandbox refuses it, there is
 * /dev/urandom.
 */
#include "os/random.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/entropy.h"
#include "os/fd_tracking.h"

bool shs__random_bytes(void *bytes, size_t length) {
    if (shs__entropy(bytes, length)) return true;
    const int fd = shs__fd_open(AT_FDCWD, "/dev/urandom", O_RDONLY);
    if (fd < 0) return false;
    const ssize_t got = read(fd, bytes, length);
    shs__fd_close(fd);
    if (got == (ssize_t)length) return true;
    errno = EIO;
    return false;
}
