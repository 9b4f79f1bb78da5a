/*
 * Waiting for many descriptors, with epoll. See poller.h.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "os/poller.h"

#define EVENTS_MOST 64

static bool control(int poller, int operation, int fd, uint32_t wanted, void *tag) {
    struct epoll_event event = { .events = wanted, .data.ptr = tag };
    return epoll_ctl(poller, operation, fd, &event) == 0;
}

int shs__poller_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

/* The descriptor is all that there is, and is readable by itself. */
void shs__poller_end(int poller) { (void)poller; }

void shs__poller_drop_lost(void) {}

bool shs__poller_show(int poller, bool shown) {
    (void)poller, (void)shown;
    return true;
}

bool shs__poller_watch(int poller, int fd, void *tag) { return control(poller, EPOLL_CTL_ADD, fd, EPOLLIN, tag); }

bool shs__poller_watch_once(int poller, int fd, void *tag) {
    const uint32_t wanted = EPOLLIN | EPOLLONESHOT;
    return control(poller, EPOLL_CTL_MOD, fd, wanted, tag) || control(poller, EPOLL_CTL_ADD, fd, wanted, tag);
}

bool shs__poller_want_write(int poller, int fd, void *tag) { return control(poller, EPOLL_CTL_MOD, fd, EPOLLOUT, tag); }

bool shs__poller_want_read(int poller, int fd, void *tag) { return control(poller, EPOLL_CTL_MOD, fd, EPOLLIN, tag); }

/* Setting a watch to what it is: fails where there is none, and where there is no poller. */
bool shs__poller_watches(int poller, int fd) { return shs__poller_want_read(poller, fd, NULL); }

void shs__poller_forget(int poller, int fd) { (void)control(poller, EPOLL_CTL_DEL, fd, 0, NULL); }

int shs__poller_wait(int poller, struct poller_event *events, int room, int milliseconds) {
    struct epoll_event seen[EVENTS_MOST];
    const int count = epoll_wait(poller, seen, room < EVENTS_MOST ? room : EVENTS_MOST, milliseconds);
    for (int i = 0; i < count; i++)
        events[i].tag = seen[i].data.ptr;
    return count < 0 && errno == EINTR ? 0 : count;
}
