/*
 * Random bytes from a system call. Used by random.c. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_ENTROPY_H
#define SHSHARED_OS_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/* False where there is none, or it refused. At most 256 bytes. */
bool shs__entropy(void *bytes, size_t length);

#endif
