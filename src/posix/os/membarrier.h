/*
 * One side of a handshake between threads made nearly free, at the cost of the other.
 *
 * Passing a gate is a store that must be seen before what follows is read: an expensive fence on every call, for the
 * sake of a thread that frees something now and then. Where the system can make all threads of the process pass a fence
 * at once, the one that frees asks for that, and the gates need none. One file for each family of systems.
 */
#ifndef SHSHARED_OS_MEMBARRIER_H
#define SHSHARED_OS_MEMBARRIER_H

#include <stdbool.h>

/* Can membarrier_all() be used in this process? Once in each life, before any thread relies on it. */
bool membarrier_register(void);

/* Every other thread of the process has passed a full fence when this returns. */
void membarrier_all(void);

#endif
