/*
 * macOS: a condition variable knows the clock that can be set only, but can wait for a length of time. See
 * timed_wait.h.
 */
#include "os/timed_wait.h"

#include <errno.h>

int shs__timed_wait_init(pthread_cond_t *condition) { return pthread_cond_init(condition, NULL); }

int shs__timed_wait(pthread_cond_t *condition, pthread_mutex_t *lock, deadline until) {
    const int64_t left = until - clock_now();
    if (left <= 0) return ETIMEDOUT;
    const struct timespec length = deadline_timespec(left);
    return pthread_cond_timedwait_relative_np(condition, lock, &length);
}
