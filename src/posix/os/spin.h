/*
 * Waiting for another thread that is in the middle of something short, and has no way to tell when it is done.
 *
 * It is done in an instant, or has lost its processor. Giving way is enough then, unless the thread that waits goes
 * before all others (SCHED_FIFO): it would have the processor back at once, for ever, so it sleeps in the end.
 */
#ifndef SHSHARED_OS_SPIN_H
#define SHSHARED_OS_SPIN_H

#include <sched.h>
#include <time.h>

#define SPIN_YIELDS 100
#define SPIN_SLEEP_NANOSECONDS 50000

/* Between two looks; tries is 0 before the first. */
static inline void spin_pause(unsigned *tries) {
    const struct timespec short_time = { .tv_nsec = SPIN_SLEEP_NANOSECONDS };
    if (++*tries <= SPIN_YIELDS)
        (void)sched_yield();
    else
        (void)nanosleep(&short_time, NULL);
}

#endif
