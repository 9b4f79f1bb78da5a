/*
 * How a call waits for another process: until when, and what is answered meanwhile.
 *
 * A call makes one of these and hands it to everything that it waits for. An application that serves from its own loop
 * goes on answering while it waits: two such applications may wait for each other.
 */
#ifndef SHSHARED_OS_WAIT_H
#define SHSHARED_OS_WAIT_H

#include "os/deadline.h"
#include "status.h"

struct waiting {
    deadline until;
    int pump_fd;                 /* readable when another process wants a response; -1: not this thread's business */
    void (*pump)(void *context); /* gives it */
    void *context;
};

/* Until fd has one of poll()'s events, or its end came; fd -1 waits for the time only. SHS_E_TIMEOUT. */
shs_status shs__wait_ready(const struct waiting *wait, int fd, short events);

/*
 * Wait a little before something is tried again: not at all the first time, when *pause is 0, and longer each time.
 * SHS_E_TIMEOUT where the end has come.
 */
shs_status shs__wait_pause(const struct waiting *wait, uint32_t *pause);

/* The same wait with another end. */
static inline struct waiting wait_until(const struct waiting *wait, deadline until) {
    struct waiting other = *wait;
    other.until = until;
    return other;
}

/* To try without waiting at all. */
static inline struct waiting wait_not(void) { return (struct waiting){ .until = 0, .pump_fd = -1 }; }

#endif
