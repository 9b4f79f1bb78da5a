/*
 * The lookout of a poller that has nothing but poll(): a thread that makes the poller's descriptor readable when one of
 * those that it watches is ready, so that an application's loop can watch it. Used by poller_poll.c.
 *
 * The descriptor is one end of a pair of sockets. The lookout writes a byte into the other end, once, and sleeps until
 * somebody has waited for the poller. What is written into the shown end tells the lookout that there is something else
 * to look at.
 */
#ifndef SHSHARED_OS_LOOKOUT_H
#define SHSHARED_OS_LOOKOUT_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* A descriptor, and the file behind it: the number may be somebody else's by now. */
struct lookout_end {
    int fd;
    struct stat file;
};

static inline bool lookout_end_is_ours(const struct lookout_end *end) {
    struct stat about;
    if (fstat(end->fd, &about) != 0) return errno != EBADF; /* a look that fails says nothing */
    return about.st_dev == end->file.st_dev && about.st_ino == end->file.st_ino;
}

struct lookout;

/* NULL with errno. */
struct lookout *shs__lookout_start(const struct lookout_end *shown, const struct lookout_end *other);

/* Look at these from now on; NULL is ignored, as below. Without memory, at what it looked before. */
void shs__lookout_look(struct lookout *lookout, const struct pollfd *watched, size_t count);

/* Somebody waits for the poller: what is ready after that is told again. */
void shs__lookout_heard(struct lookout *lookout);

/* Waits for it. */
void shs__lookout_end(struct lookout *lookout);

#endif
