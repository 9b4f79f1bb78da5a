/*
 * The runtime directory of one test, so that tests neither see each other's processes nor leave anything behind.
 *
 * On a system without endpoints in the file system there is nothing to do, and sandbox_path() is empty.
 */
#ifndef TESTS_SANDBOX_H
#define TESTS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* Make a fresh directory, 0700, and point the library at it. */
void sandbox_enter(void);

/* Where it is. */
const char *sandbox_path(void);

/* Remove all that is in it. */
void sandbox_empty(void);

/* Point the library of this process at another directory; at none, so that it looks for itself, when it is empty. */
void sandbox_use(const char *directory);

/*
 * Remove the directory. The result is false, and text names one entry, when something was left in it that no killed
 * child accounts for.
 */
bool sandbox_leave(char *text, size_t size);

#endif
