/*
 * Random bytes from the kernel: for nonces, for names, and for where handle numbers start.
 */
#ifndef SHSHARED_OS_RANDOM_H
#define SHSHARED_OS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

/* At most 256 bytes. False with errno. */
bool shs__random_bytes(void *bytes, size_t length);

#endif
