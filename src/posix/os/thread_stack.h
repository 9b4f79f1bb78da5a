/*
 * What the C library takes from the stack of a new thread before the thread has any of it.
 *
 * A stack of a chosen size may be all too small where the program has much thread-local storage: glibc takes that from
 * the stack. Asked by the server for its thread. One file for each system (os/systems.cmake). No state.
 */
#ifndef SHSHARED_OS_THREAD_STACK_H
#define SHSHARED_OS_THREAD_STACK_H

#include <stddef.h>

/* Bytes to be added to what a thread itself needs; at least what is taken. */
size_t shs__thread_stack_taken(void);

#endif
