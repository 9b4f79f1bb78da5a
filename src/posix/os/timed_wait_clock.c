/*
 * Systems where a condition variable can be told its clock, as POSIX.1-2008 says. See timed_wait.h.
 */
#include "os/timed_wait.h"

int shs__timed_wait_init(pthread_cond_t *condition) {
    pthread_condattr_t monotonic;
    int error = pthread_condattr_init(&monotonic);
    if (error != 0) return error;
    error = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    if (error == 0) error = pthread_cond_init(condition, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    return error;
}

int shs__timed_wait(pthread_cond_t *condition, pthread_mutex_t *lock, deadline until) {
    const struct timespec when = deadline_timespec(until);
    return pthread_cond_timedwait(condition, lock, &when);
}
