/*
 * The time limit of a test: when it passes, the program says which test it was, kills its children and ends.
 *
 * A call that hangs cannot be unwound, so the program ends as a whole. One watchdog runs at a time.
 */
#ifndef TESTS_WATCHDOG_H
#define TESTS_WATCHDOG_H

void watchdog_start(unsigned seconds, const char *test);
void watchdog_stop(void);

#endif
