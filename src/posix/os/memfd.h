/*
 * The kernel's own kind of shared-memory object, where it has one: without a name from the start, and with seals. Used
 * by shm_object.c alone. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_MEMFD_H
#define SHSHARED_OS_MEMFD_H

#include <stdbool.h>

/* A new empty object, or -1 with errno; ENOSYS where there are none. */
int shs__memfd_make(void);

/* Fix the size of an object. True also for objects that cannot be sealed; false with errno. */
bool shs__memfd_seal(int fd);

/* Is this descriptor shared memory that nobody can cut, or that came from shm_open and cannot be sealed at all? */
bool shs__memfd_is_trustworthy(int fd);

#endif
