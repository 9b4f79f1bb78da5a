/*
 * Systems without posix_fallocate(): macOS, OpenBSD. See reserve.h.
 */
#include "os/reserve.h"

#include <errno.h>

int shs__reserve(int fd, uint64_t offset, uint64_t length) {
    (void)fd, (void)offset, (void)length;
    return EOPNOTSUPP;
}
