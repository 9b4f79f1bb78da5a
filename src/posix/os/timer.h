/*
 * A descriptor that becomes readable at a moment, for a poller to watch: so an application whose loop serves is woken
 * for what is due though nobody asks. Used by the server. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_TIMER_H
#define SHSHARED_OS_TIMER_H

#include "os/deadline.h"

/* A timer that is not set, or -1 with errno; ENOSYS where there are none. */
int shs__timer_open(void);

/* Be readable from a moment on, and not before. */
void shs__timer_set(int timer, moment when);

#endif
