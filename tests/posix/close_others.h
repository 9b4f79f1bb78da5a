/*
 * What a daemon does before it begins: close every descriptor that it did not open.
 *
 * The library asks whether a number is still its own immediately before it uses it; what is closed, and opened anew,
 * between the question and the use, nothing can help (fd_tracking.h). So the daemon waits until the library's thread
 * has done what it was at.
 */
#ifndef TESTS_CLOSE_OTHERS_H
#define TESTS_CLOSE_OTHERS_H

#define NUMBERS 64 /* more than the library has open */

/* All but the standard streams and this one. */
void close_others(int channel);

/* Wait until every other thread of this process sleeps until something happens. Where the system does not tell, not
 * at all. */
void wait_for_rest(void);

#endif
