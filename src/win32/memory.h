/* See memory.c. */
#ifndef SHSHARED_WIN32_MEMORY_H
#define SHSHARED_WIN32_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Can all size bytes at data be read, as far as the system's map of this process tells? */
bool shs__memory_is_readable(const void *data, size_t size);

#endif
