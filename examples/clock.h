/*
 * clock_ms(): milliseconds since some moment that does not change while the program runs.
 *
 * C11's own clocks do not serve: clock() counts processor time on POSIX, and timespec_get() is missing from older
 * Windows runtimes. One file for each system, chosen by CMake, keeps the examples free of the difference.
 */
#ifndef EXAMPLES_CLOCK_H
#define EXAMPLES_CLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

double clock_ms(void);

#ifdef __cplusplus
}
#endif

#endif
