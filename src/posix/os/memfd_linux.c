/*
 * Shared-memory objects of the kernel, on Linux: memfd_create and seals. See memfd.h.
 *
 * F_SEAL_SEAL is part of the set: without it a peer could add F_SEAL_WRITE later, and new writable mappings would
 * fail. A shm_open object shows as one that carries F_SEAL_SEAL alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/vfs.h>

#include "os/memfd.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

#define SIZE_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)
#define BLOCK_SIZE 512 /* the unit of st_blocks */

int shs__memfd_make(void) {
    const int fd = memfd_create("shshared", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (fd >= 0 || errno != EINVAL) return fd;
    return memfd_create("shshared", MFD_CLOEXEC | MFD_ALLOW_SEALING); /* before Linux 6.3 */
}

/* It is for the mode of the object (shm_object.c) to keep others from opening it once more, for writing. */
int shs__memfd_reopen_reading(int fd) {
    char path[sizeof "/proc/self/fd/" + 10];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_CLOEXEC);
}

bool shs__memfd_seal(int fd) {
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0) return errno == EINVAL;
    if ((seals & F_SEAL_SEAL) != 0) return true;
    return fcntl(fd, F_ADD_SEALS, SIZE_SEALS) == 0;
}

/* Refused before Linux 5.1, and for objects of shm_open. */
bool shs__memfd_seal_shown(int fd) { return fcntl(fd, F_ADD_SEALS, SIZE_SEALS | F_SEAL_FUTURE_WRITE) == 0; }

/* Only memory has seals, so they are asked for first. Of that, huge pages are refused: they map in other units. */
enum memfd_kind shs__memfd_kind(int fd) {
    struct statfs about;
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_WRITE) != 0) return MEMFD_FOREIGN;
    if (fstatfs(fd, &about) != 0 || about.f_type != TMPFS_MAGIC) return MEMFD_FOREIGN;
    const bool is_sealed = (seals & SIZE_SEALS) == SIZE_SEALS;
    if ((seals & F_SEAL_FUTURE_WRITE) != 0) return is_sealed ? MEMFD_SHOWN : MEMFD_FOREIGN;
    return is_sealed ? MEMFD_SEALED : MEMFD_UNSEALED;
}

bool shs__memfd_is_reserved(const struct stat *about) { return about->st_blocks >= about->st_size / BLOCK_SIZE; }
