/*
 * Systems without memfds: every object comes from shm_open, and its size cannot be sealed. See memfd.h.
 */
#include "os/memfd.h"

#include <errno.h>

int shs__memfd_make(void) {
    errno = ENOSYS;
    return -1;
}

bool shs__memfd_seal(int fd) {
    (void)fd;
    return true;
}

bool shs__memfd_is_trustworthy(int fd) {
    (void)fd;
    return true; /* shm_object.c has looked at its type and size */
}
