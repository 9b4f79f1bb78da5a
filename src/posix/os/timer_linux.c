/*
 * A descriptor that becomes readable at a moment, on Linux: timerfd. See timer.h.
 */
#include "os/timer.h"

#include <sys/timerfd.h>

int shs__timer_open(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

void shs__timer_set(int timer, moment when) {
    const struct itimerspec once = { .it_value = deadline_timespec(when) };
    (void)timerfd_settime(timer, TFD_TIMER_ABSTIME, &once, NULL);
}
