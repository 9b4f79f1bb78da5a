/*
 * Waiting for many descriptors, with kqueue: macOS and the BSDs. See poller.h.
 *
 * A descriptor is watched for one direction at a time, each of which is a filter of its own. No child inherits a queue.
 */
#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "os/poller.h"

#define EVENTS_MOST 64

static bool control(int poller, int fd, short filter, unsigned short flags, void *tag) {
    struct kevent change;
    EV_SET(&change, (uintptr_t)fd, filter, flags, 0, 0, tag);
    return kevent(poller, &change, 1, NULL, 0, NULL) == 0;
}

int shs__poller_open(void) {
    const int made = kqueue();
    if (made < 0 || fcntl(made, F_SETFD, FD_CLOEXEC) == 0) return made;
    const int error = errno;
    (void)close(made);
    errno = error;
    return -1;
}

/* The descriptor is all that there is, and is readable by itself. */
void shs__poller_end(int poller) { (void)poller; }

void shs__poller_drop_lost(void) {}

bool shs__poller_show(int poller, bool shown) {
    (void)poller, (void)shown;
    return true;
}

bool shs__poller_watch(int poller, int fd, void *tag) { return control(poller, fd, EVFILT_READ, EV_ADD, tag); }

bool shs__poller_watch_once(int poller, int fd, void *tag) {
    return control(poller, fd, EVFILT_READ, EV_ADD | EV_ONESHOT, tag);
}

bool shs__poller_want_write(int poller, int fd, void *tag) {
    (void)control(poller, fd, EVFILT_READ, EV_DELETE, NULL);
    return control(poller, fd, EVFILT_WRITE, EV_ADD, tag);
}

bool shs__poller_want_read(int poller, int fd, void *tag) {
    (void)control(poller, fd, EVFILT_WRITE, EV_DELETE, NULL);
    return control(poller, fd, EVFILT_READ, EV_ADD, tag);
}

/* Enabling what is enabled: fails where there is no such filter, and where there is no queue. */
bool shs__poller_watches(int poller, int fd) { return control(poller, fd, EVFILT_READ, EV_ENABLE, NULL); }

void shs__poller_forget(int poller, int fd) {
    (void)control(poller, fd, EVFILT_READ, EV_DELETE, NULL);
    (void)control(poller, fd, EVFILT_WRITE, EV_DELETE, NULL);
}

int shs__poller_wait(int poller, struct poller_event *events, int room, int milliseconds) {
    struct kevent seen[EVENTS_MOST];
    const struct timespec limit = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L };
    const int count = kevent(poller, NULL, 0, seen, room < EVENTS_MOST ? (unsigned char)room : EVENTS_MOST,
                             milliseconds < 0 ? NULL : &limit);
    for (int i = 0; i < count; i++)
        events[i].tag = (void *)seen[i].udata;
    return count < 0 && errno == EINTR ? 0 : count;
}
