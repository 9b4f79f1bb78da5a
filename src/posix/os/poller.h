/*
 * Waiting for many descriptors at once: epoll, or what the system has (os/systems.cmake). Used by the server.
 *
 * The poller is itself a descriptor that can become readable with any of those it watches, so that an application can
 * watch all connections of the library as one. One thread at a time changes it and waits.
 */
#ifndef SHSHARED_OS_POLLER_H
#define SHSHARED_OS_POLLER_H

#include <stdbool.h>

struct poller_event {
    void *tag;
};

/* A new poller's descriptor, or -1 with errno. */
int shs__poller_open(void);

/* Before it is closed: what it has besides its descriptor goes. */
void shs__poller_end(int poller);

/* The same for those whose descriptor was closed by somebody else. */
void shs__poller_drop_lost(void);

/* Is its descriptor itself to become readable with those that it watches? Where the system has no such descriptor, that
 * takes a thread. False with errno. */
bool shs__poller_show(int poller, bool shown);

/* Watch a descriptor for reading, or for writing; tag comes back with its events. */
bool shs__poller_watch(int poller, int fd, void *tag);

/* The same for one event, until it is called again. */
bool shs__poller_watch_once(int poller, int fd, void *tag);

/* Wait for the other direction from now on. */
bool shs__poller_want_write(int poller, int fd, void *tag);
bool shs__poller_want_read(int poller, int fd, void *tag);

/* Is this a poller, and does it watch the descriptor without a tag, for reading? Changes nothing. */
bool shs__poller_watches(int poller, int fd);

/* End the watch, before the descriptor is closed: a forked child may keep what it stands for open for a while. */
void shs__poller_forget(int poller, int fd);

/* Wait; milliseconds -1 for ever, 0 not at all. How many events, 0 also when a signal came; -1: this is no poller. */
int shs__poller_wait(int poller, struct poller_event *events, int room, int milliseconds);

#endif
