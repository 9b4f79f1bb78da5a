/*
 * Which file a descriptor leads to, as far as that can be told without asking its file system: that may be a process
 * of whoever sent the descriptor, and never answer.
 *
 * Asked of descriptors that wait to be closed (fd_tracking.c). One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_FILE_IDENTITY_H
#define SHSHARED_OS_FILE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct file_identity {
    uint64_t device, inode;
    uint32_t kind; /* regular file, socket, ... */
};

/* False where nothing is open under this number. What the system does not tell is 0. */
bool shs__file_identity_get(int fd, struct file_identity *file);

#endif
