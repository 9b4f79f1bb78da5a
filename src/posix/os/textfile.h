/*
 * A small text file of the system's, as Linux has them in /proc and /sys. Used by the files of Linux in this room.
 */
#ifndef SHSHARED_OS_TEXTFILE_H
#define SHSHARED_OS_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>

/* Read it up to what the text has room for, and end the text with a zero. False where it cannot be read. */
bool shs__textfile_read(const char *path, char *text, size_t size);

#endif
