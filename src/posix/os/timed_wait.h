/*
 * Condition variables whose waits end at a moment of the clock that nobody sets (deadline.h). Used by state/. One file
 * for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_TIMED_WAIT_H
#define SHSHARED_OS_TIMED_WAIT_H

#include <pthread.h>

#include "os/deadline.h"

/* As pthread_cond_init() and pthread_cond_timedwait(): 0, or an errno value. */
int shs__timed_wait_init(pthread_cond_t *condition);
int shs__timed_wait(pthread_cond_t *condition, pthread_mutex_t *lock, deadline until);

#endif
