/*
 * Shared-memory objects of the kernel, on FreeBSD 13 and later: memfd_create and seals. See memfd.h.
 *
 * Only objects of shared memory have seals, so whether a descriptor is one is asked of no file system. There is no seal
 * that ends future writing alone: nothing is shown.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "os/memfd.h"

#define SIZE_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

int shs__memfd_make(void) { return memfd_create("shshared", MFD_CLOEXEC | MFD_ALLOW_SEALING); }

/* There is no name to open it by once more. */
int shs__memfd_reopen_reading(int fd) {
    (void)fd;
    errno = ENOSYS;
    return -1;
}

bool shs__memfd_seal(int fd) {
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0) return errno == EINVAL;
    if ((seals & F_SEAL_SEAL) != 0) return true;
    return fcntl(fd, F_ADD_SEALS, SIZE_SEALS) == 0;
}

bool shs__memfd_seal_shown(int fd) {
    (void)fd;
    return false;
}

enum memfd_kind shs__memfd_kind(int fd) {
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_WRITE) != 0) return MEMFD_FOREIGN;
    return (seals & SIZE_SEALS) == SIZE_SEALS ? MEMFD_SEALED : MEMFD_UNSEALED;
}

/* Where memory is overcommitted, no object tells how much of it there is. */
bool shs__memfd_is_reserved(const struct stat *about) {
    (void)about;
    return true;
}
