/*
 * The kernel's own kind of shared-memory object, where it has one: without a name from the start, and with seals. Used
 * by shm_object.c, and by fdpass.c for what others send. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_MEMFD_H
#define SHSHARED_OS_MEMFD_H

#include <stdbool.h>
#include <sys/stat.h>

/* A new empty object, or -1 with errno; ENOSYS where there are none. */
int shs__memfd_make(void);

/* A second descriptor of an object, of whatever kind, through which nobody can write. -1 with errno. */
int shs__memfd_reopen_reading(int fd);

/* Fix the size of an object. True also for objects that cannot be sealed; false with errno. */
bool shs__memfd_seal(int fd);

/* The same, and let nobody write it any more but through mappings that there are. False where that cannot be. */
bool shs__memfd_seal_shown(int fd);

/* What a descriptor is that came from another process. */
enum memfd_kind {
    MEMFD_FOREIGN,  /* no shared memory */
    MEMFD_UNSEALED, /* shared memory that can be cut */
    MEMFD_SEALED,   /* shared memory that nobody can cut; or the system has no seals, and nothing better to offer */
    MEMFD_SHOWN     /* the same, and nobody but its maker can write */
};

/* Asks no file system but that of memory: any other may be a process of the sender's, which never answers. */
enum memfd_kind shs__memfd_kind(int fd);

/* Has an object all of its memory, as far as the system tells? */
bool shs__memfd_is_reserved(const struct stat *about);

#endif
