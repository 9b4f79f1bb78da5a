/*
 * Threads for tests, the same on every system.
 *
 * C11's threads.h is missing on several systems that have everything else. A thread here runs one function to its end
 * and is always joined.
 */
#ifndef TESTS_PARALLEL_H
#define TESTS_PARALLEL_H

#include <stddef.h>

struct parallel;

/* Run function(argument) in a thread; NULL when there is none. */
struct parallel *parallel_start(void (*function)(void *), void *argument);
void parallel_join(struct parallel *thread);

/* Run count threads of function(context) at once and wait for all. */
void parallel_run(size_t count, void (*function)(void *), void *context);

/* Let others run: for bounded waiting on what has no event. */
void parallel_pause(void);

#endif
