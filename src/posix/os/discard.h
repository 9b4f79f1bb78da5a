/*
 * Closing descriptors of which nothing is known.
 *
 * Whoever can send a message can send any descriptor with it, and to close one asks its file system, which may be a
 * process of the sender's and never answer. So each lot is closed in a thread of its own. There are few of these: when
 * all of them wait, no descriptor is let in any more until one has got its answer. Such a process ends only when the
 * file system answers, or is gone.
 *
 * Used by fdpass.c, for what it refuses. Owns the threads.
 */
#ifndef SHSHARED_OS_DISCARD_H
#define SHSHARED_OS_DISCARD_H

#include <stdbool.h>
#include <stddef.h>

/* The most descriptors that a kernel passes with one message. */
#define DISCARD_MOST 253

struct discard {
    size_t count;
    int fds[DISCARD_MOST];
};

/* May more come? */
bool shs__discard_has_room(void);

/* Close them. Waits for a moment only, but where there is no memory for a thread. */
void shs__discard(const struct discard *discard);

#endif
