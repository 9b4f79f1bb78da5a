/*
 * The liveness word: how others see, without a system call, that this process still serves.
 *
 * Each process shows one word to its peers, in a page that they can only read: a store would cut everybody off. The
 * service thread holds it in a way that the kernel ends when the thread dies, before anybody can wait for the process:
 * so an allocation for a process that was just reaped fails, though no message is sent. A word that was never held, or
 * was given up, proves nothing; then the connection is asked.
 *
 * Held by server.c, looked at by peer.c. One file for each system (os/systems.cmake); with none, the connection is
 * asked.
 */
#ifndef SHSHARED_OS_LIVENESS_H
#define SHSHARED_OS_LIVENESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Hold the word for as long as the calling thread lives. Only for a thread of the library. */
void shs__liveness_hold(_Atomic uint32_t *word);
void shs__liveness_drop(_Atomic uint32_t *word);

bool shs__liveness_is_held(const _Atomic uint32_t *word);

/* Has the kernel ended it? Then nobody serves behind it, whoever may still have the connection open. */
bool shs__liveness_has_ended(const _Atomic uint32_t *word);

#endif
