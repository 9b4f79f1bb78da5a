/*
 * The clock of the examples on POSIX: the monotonic one, which nobody sets while the program runs.
 *
 * It owns nothing. Where the call fails (it does not on any system that has the clock) the time is 0, and the examples
 * show a wrong duration and do their work.
 */
#include <time.h>

#include "clock.h"

double clock_ms(void) {
    struct timespec now = { 0 };
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
