/*
 * Moments on the clock that nobody sets, and deadlines: moments until which a call may wait.
 *
 * Every wait of the backend has one, so that a process that is stopped or hung costs its callers a known time and never
 * more. How long that is, is a duration: shs_options.timeout_ms.
 */
#ifndef SHSHARED_OS_DEADLINE_H
#define SHSHARED_OS_DEADLINE_H

#include <stdint.h>
#include <time.h>

typedef int64_t moment; /* nanoseconds of CLOCK_MONOTONIC */
typedef moment deadline;

#define NANOSECONDS_A_SECOND 1000000000
#define NANOSECONDS_A_MILLISECOND 1000000

static inline moment clock_now(void) {
    struct timespec now = { 0, 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NANOSECONDS_A_SECOND + now.tv_nsec;
}

static inline deadline deadline_in(uint32_t milliseconds) {
    return clock_now() + (int64_t)milliseconds * NANOSECONDS_A_MILLISECOND;
}

/* What is left, in milliseconds rounded up, for poll(); 0 when it has passed. */
static inline int deadline_left(deadline until) {
    const int64_t left = until - clock_now();
    if (left <= 0) return 0;
    const int64_t milliseconds = (left + NANOSECONDS_A_MILLISECOND - 1) / NANOSECONDS_A_MILLISECOND;
    return milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds;
}

static inline struct timespec deadline_timespec(deadline until) {
    return (struct timespec){ .tv_sec = (time_t)(until / NANOSECONDS_A_SECOND),
                              .tv_nsec = (long)(until % NANOSECONDS_A_SECOND) };
}

#endif
