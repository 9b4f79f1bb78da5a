/*
 * How much memory the system can still give to this process.
 *
 * A kernel that overcommits lets a reservation grow until nothing is left, and then ends processes that have nothing to
 * do with it; or this one, where a limit is its own. So a large block is refused before it is begun, by shm_object.c.
 * One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_MEMORY_AVAILABLE_H
#define SHSHARED_OS_MEMORY_AVAILABLE_H

#include <stdint.h>

/* Bytes; UINT64_MAX where the system does not tell. root is where the system's own files are: "", but for tests. */
uint64_t shs__memory_available(const char *root);

#endif
