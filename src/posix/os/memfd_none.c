/*
 * Systems without memfds: every object comes from shm_open, and its size cannot be sealed. See memfd.h.
 */
#include "os/memfd.h"

#include <errno.h>
#include <sys/socket.h>

int shs__memfd_make(void) {
    errno = ENOSYS;
    return -1;
}

int shs__memfd_reopen_reading(int fd) {
    (void)fd;
    errno = ENOSYS;
    return -1;
}

bool shs__memfd_seal(int fd) {
    (void)fd;
    return true;
}

bool shs__memfd_seal_shown(int fd) {
    (void)fd;
    return false;
}

/* But for a socket nothing tells without asking the file system, so every other descriptor is taken: shm_object.c looks
 * at its type and size. */
enum memfd_kind shs__memfd_kind(int fd) {
    int type;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 ? MEMFD_FOREIGN : MEMFD_SEALED;
}

bool shs__memfd_is_reserved(const struct stat *about) {
    (void)about;
    return true;
}
