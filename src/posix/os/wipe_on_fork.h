/*
 * Pages that a fork wipes: in every child, however it was made, they read as zeros. Used by state/current.c. One file
 * for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_WIPE_ON_FORK_H
#define SHSHARED_OS_WIPE_ON_FORK_H

#include <stdbool.h>
#include <stddef.h>

/* Ask the kernel to wipe these pages in children; false where it cannot. */
bool shs__wipe_on_fork(void *pages, size_t size);

#endif
