/*
 * The address of a socket in a runtime directory. Used by endpoint.c and rendezvous.c.
 */
#ifndef SHSHARED_IPC_ADDRESS_H
#define SHSHARED_IPC_ADDRESS_H

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ipc/runtime_dir.h"

/* By the directory's path; or through /proc, as long as it is held open, where that is too long for an address. */
static inline bool address_make(const struct runtime_dir *directory, const char *name, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", directory->path, name);
    if (length >= 0 && (size_t)length < sizeof address->sun_path) return true;
    length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", directory->fd, name);
    return length >= 0 && (size_t)length < sizeof address->sun_path;
}

#endif
