/*
 * Systems with posix_fallocate(): Linux, FreeBSD, NetBSD, illumos. See reserve.h.
 */
#include "os/reserve.h"

#include <fcntl.h>

int shs__reserve(int fd, uint64_t offset, uint64_t length) { return posix_fallocate(fd, (off_t)offset, (off_t)length); }
