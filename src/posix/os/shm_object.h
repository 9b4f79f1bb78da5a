/*
 * Memory objects: what segments are made of.
 *
 * A memory object is a piece of shared memory without a name, held by a descriptor. Where the kernel has memfds it is
 * one, sealed so that nobody can cut it under a view; elsewhere it comes from shm_open, whose name is unlinked at once.
 * SHSHARED_OBJECT=memfd|shm_open in the environment forces one. Memory is reserved when the object is made, so that
 * running out is a status and never a SIGBUS.
 */
#ifndef SHSHARED_OS_SHM_OBJECT_H
#define SHSHARED_OS_SHM_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"

/* Is a file of this size within the process's limit? Beyond it a write would not fail but kill with SIGXFSZ. */
bool shm_object_size_is_allowed(uint64_t size);

/* An object of this size, all zeros, nothing reserved yet. The caller closes fd. */
shs_status shm_object_create(uint64_t size, int *fd);

/* Reserve memory for a range, as zeros; or by writing data there, which is faster than a view for fresh memory. */
shs_status shm_object_reserve(int fd, uint64_t offset, uint64_t length);
shs_status shm_object_write(int fd, uint64_t offset, const void *data, uint64_t length);

/* Fix the size for ever, where the system can. */
shs_status shm_object_seal(int fd);

/* Is a descriptor from another process a memory object of at least this size that cannot be cut? SHS_E_PROTOCOL. */
shs_status shm_object_check(int fd, uint64_t size);

/* Map a range; offset and length are rounded by the caller. */
shs_status shm_object_map(int fd, uint64_t offset, uint64_t length, bool writable, void **address);
void shm_object_unmap(void *address, uint64_t length);

/* The unit of mappings, and a size rounded up to it (0 when that overflows). */
uint64_t page_size(void);
uint64_t page_round(uint64_t size);

/* Unlink shm_open names that killed processes of this user left behind. */
void shm_names_sweep(void);

#endif
