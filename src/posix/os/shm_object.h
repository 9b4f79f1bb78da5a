/*
 * A shared-memory object: a piece of shared memory without a name, held by a descriptor.
 *
 * Where the kernel has memfds it is one, sealed so that nobody can cut it under a view; elsewhere it comes from
 * shm_open, whose name is unlinked at once. SHSHARED_OBJECT=memfd|shm_open in the environment forces one. Memory is
 * reserved when the object is made, so that running out is a status and never a SIGBUS.
 *
 * Segments, lists of blocks and the liveness word are made of such objects. Owns nothing but which kind is forced.
 */
#ifndef SHSHARED_OS_SHM_OBJECT_H
#define SHSHARED_OS_SHM_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

/* Read from the environment which kind is forced: when the process attaches, in the thread of a caller. */
void shs__shm_object_choose_kind(void);

/* Is a file of this size within the process's limit? Beyond it a write would not fail but kill with SIGXFSZ. */
bool shs__shm_object_size_is_allowed(uint64_t size);

/* What a new object holds: data at an offset, and zeros everywhere else. */
struct shm_contents {
    uint64_t size; /* of the object */
    const void *data;
    uint64_t offset, length; /* of the data; written, which is faster for fresh memory than a mapping */
};

/* Make an object: reserved, filled, its size fixed for ever where the system can. fd is tracked; the caller closes it.
 */
shs_status shs__shm_object_make(const struct shm_contents *contents, int *fd);

/*
 * Is a descriptor from another process a memory object of at least this size, with all of its memory, that cannot be
 * cut? SHS_E_PROTOCOL; SHS_E_UNSUPPORTED for one that can be cut, unless this process makes such objects itself because
 * the environment says so.
 */
shs_status shs__shm_object_check(int fd, uint64_t size);

/* The same of one that is to be read: the descriptor need not be for writing. */
shs_status shs__shm_object_check_reading(int fd, uint64_t size);

/* Who made the object. */
uint32_t shs__shm_object_user(int fd);

/* Put in the place of a descriptor, which is closed, one that nobody of another user can write through, and that cannot
 * be made one by opening it again. SHS_E_UNSUPPORTED where the system has none; then fd is -1. */
shs_status shs__shm_object_make_reading(int *fd);

/* Is it at least so large? That will do for whoever reads it, and does not map it. */
bool shs__shm_object_has(int fd, uint64_t size);

/*
 * Make an object that is mapped for writing here, and that nobody else can write, whoever has fd. It is tracked; the
 * caller closes it, and unmaps what is mapped. False where the system cannot keep others from writing, which is no
 * error, or where memory or descriptors are wanting.
 */
bool shs__shm_object_make_shown(uint64_t size, void **address, int *fd);

/* Is a descriptor from another process such an object, of at least this size? */
bool shs__shm_object_is_shown(int fd, uint64_t size);

/* Map a range; offset and length are rounded by the caller. */
shs_status shs__shm_object_map(int fd, uint64_t offset, uint64_t length, bool writable, void **address);
void shs__shm_object_unmap(void *address, uint64_t length);

/* What is mapped can only be read from now on. */
void shs__shm_object_protect(void *address, uint64_t length);

#endif
