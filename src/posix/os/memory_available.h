/*
 * How much memory the system can still give.
 *
 * A kernel that overcommits lets a reservation grow until nothing is left, and then ends processes that have nothing to
 * do with it. So a large block is refused before it is begun, by shm_object.c. One file for each system
 * (os/systems.cmake).
 */
#ifndef SHSHARED_OS_MEMORY_AVAILABLE_H
#define SHSHARED_OS_MEMORY_AVAILABLE_H

#include <stdint.h>

/* Bytes; UINT64_MAX where the system does not tell. */
uint64_t shs__memory_available(void);

#endif
