/*
 * A fence in all threads of the process at once.
 *
 * Entering a reader (rcu/rcu.h) is a store that must be seen before what follows is read: an expensive fence in every
 * call, for the sake of a thread that frees something now and then. Where the system can make all threads pass a fence,
 * the thread that frees asks for that, and readers need none. One file for each system (os/systems.cmake). No state.
 */
#ifndef SHSHARED_OS_MEMBARRIER_H
#define SHSHARED_OS_MEMBARRIER_H

#include <stdbool.h>

/* Can shs__membarrier_all() be used in this process? Once in each life, before any thread relies on it. */
bool shs__membarrier_register(void);

/* Every other thread of the process has passed a full fence when this returns true. The system may refuse it at any
 * time: a filter of system calls can be installed late. */
bool shs__membarrier_all(void);

#endif
