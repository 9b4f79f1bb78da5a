/*
 * Waiting for many descriptors, with poll(): any POSIX system. See poller.h.
 *
 * A poller is a list, which the thread that serves changes and polls. Its descriptor is one end of a pair of sockets,
 * and names it. Where an application's loop watches that one, another thread, the lookout (lookout.h), polls what is
 * listed, and makes it readable. In a forked child nothing of a list is touched, as a thread that is not there may have
 * been changing it.
 */
#include "os/poller.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/lookout.h"
#include "os/newborn.h"

#define POLLERS_MOST 4
#define UNTAGGED_MOST 4
#define ROOM_FIRST 16
#define CLOSING_MILLISECONDS 20

struct watch {
    void *tag;
    bool once;
};

struct list {
    _Atomic pid_t maker;                 /* 0: free */
    struct lookout_end shown, other;     /* the pair; the first is the poller's descriptor */
    _Atomic int untagged[UNTAGGED_MOST]; /* watched without a tag, and 1 more: 0 is none */
    size_t count, room;
    struct pollfd *watched; /* those that wait for nothing now have the descriptor -1 - fd */
    struct watch *watches;
    struct lookout *lookout; /* NULL: the descriptor need not be readable */
};

static struct list lists[POLLERS_MOST];

/* ---- which ---- */

static bool is_own(const struct list *list) { return atomic_load(&list->maker) == getpid(); }

static bool is_open(const struct list *list) { return lookout_end_is_ours(&list->shown); }

static struct list *find_anybodys(int poller) {
    for (struct list *list = lists; list < lists + POLLERS_MOST; list++) {
        if (atomic_load(&list->maker) != 0 && list->shown.fd == poller && is_open(list)) return list;
    }
    errno = EBADF;
    return NULL;
}

static struct list *find(int poller) {
    struct list *list = find_anybodys(poller);
    return list != NULL && is_own(list) ? list : NULL;
}

static void drop(struct list *list) {
    if (is_own(list)) {
        shs__lookout_end(list->lookout);
        free(list->watched);
        free(list->watches);
    }
    if (lookout_end_is_ours(&list->other)) (void)close(list->other.fd);
    list->lookout = NULL;
    list->watched = NULL;
    list->watches = NULL;
    list->count = list->room = 0;
    for (int i = 0; i < UNTAGGED_MOST; i++)
        atomic_store(&list->untagged[i], 0);
    atomic_store(&list->maker, 0);
}

static struct list *find_free(void) {
    for (struct list *list = lists; list < lists + POLLERS_MOST; list++) {
        if (atomic_load(&list->maker) == 0) return list;
    }
    errno = EMFILE;
    return NULL;
}

/* The application closed what it did not open; or it is a parent's. */
void shs__poller_drop_lost(void) {
    for (struct list *list = lists; list < lists + POLLERS_MOST; list++) {
        if (atomic_load(&list->maker) != 0 && (!is_own(list) || !is_open(list))) drop(list);
    }
}

static bool note(int fd, struct lookout_end *end) {
    *end = (struct lookout_end){ .fd = fd };
    return fstat(fd, &end->file) == 0;
}

int shs__poller_open(void) {
    struct list *list = find_free();
    int ends[2];
    if (list == NULL || !shs__newborn_pair(ends)) return -1;
    if (note(ends[0], &list->shown) && note(ends[1], &list->other)) {
        atomic_store(&list->maker, getpid());
        return ends[0];
    }
    const int error = errno;
    (void)close(ends[0]);
    (void)close(ends[1]);
    errno = error;
    return -1;
}

void shs__poller_end(int poller) {
    struct list *list = find_anybodys(poller);
    if (list != NULL) drop(list);
}

bool shs__poller_show(int poller, bool shown) {
    struct list *list = find(poller);
    if (list == NULL) return false;
    if (!shown) {
        shs__lookout_end(list->lookout);
        list->lookout = NULL;
    } else if (list->lookout == NULL) {
        list->lookout = shs__lookout_start(&list->shown, &list->other);
        if (list->lookout != NULL) shs__lookout_look(list->lookout, list->watched, list->count);
    }
    return !shown || list->lookout != NULL;
}

/* ---- what is watched ---- */

static size_t place_of(const struct list *list, int fd) {
    size_t place = 0;
    while (place < list->count && list->watched[place].fd != fd && list->watched[place].fd != -1 - fd)
        place++;
    return place;
}

static bool grow(struct list *list) {
    const size_t room = list->room == 0 ? ROOM_FIRST : list->room * 2;
    struct pollfd *watched = realloc(list->watched, room * sizeof *watched);
    if (watched != NULL) list->watched = watched;
    struct watch *watches = watched == NULL ? NULL : realloc(list->watches, room * sizeof *watches);
    if (watches == NULL) return false;
    list->watches = watches;
    list->room = room;
    return true;
}

static void exchange_untagged(struct list *list, int before, int after) {
    int i = 0;
    while (i < UNTAGGED_MOST && atomic_load(&list->untagged[i]) != before)
        i++;
    if (i < UNTAGGED_MOST) atomic_store(&list->untagged[i], after);
}

static bool put(int poller, int fd, short events, struct watch watch) {
    struct list *list = find(poller);
    if (list == NULL) return false;
    const size_t place = place_of(list, fd);
    if (place == list->room && !grow(list)) {
        errno = ENOMEM;
        return false;
    }
    if (place == list->count) {
        list->count++;
        if (watch.tag == NULL) exchange_untagged(list, 0, fd + 1);
    }
    list->watched[place] = (struct pollfd){ .fd = fd, .events = events };
    list->watches[place] = watch;
    shs__lookout_look(list->lookout, list->watched, list->count);
    return true;
}

bool shs__poller_watch(int poller, int fd, void *tag) { return put(poller, fd, POLLIN, (struct watch){ tag, false }); }

bool shs__poller_watch_once(int poller, int fd, void *tag) {
    return put(poller, fd, POLLIN, (struct watch){ tag, true });
}

bool shs__poller_want_write(int poller, int fd, void *tag) {
    return put(poller, fd, POLLOUT, (struct watch){ tag, false });
}

bool shs__poller_want_read(int poller, int fd, void *tag) { return shs__poller_watch(poller, fd, tag); }

bool shs__poller_watches(int poller, int fd) {
    struct list *list = find_anybodys(poller);
    bool found = false;
    for (int i = 0; list != NULL && i < UNTAGGED_MOST; i++)
        found = found || atomic_load(&list->untagged[i]) == fd + 1;
    return found;
}

void shs__poller_forget(int poller, int fd) {
    struct list *list = find(poller);
    const size_t place = list == NULL ? 0 : place_of(list, fd);
    if (list == NULL || place == list->count) return;
    if (list->watches[place].tag == NULL) exchange_untagged(list, fd + 1, 0);
    list->count--;
    list->watched[place] = list->watched[list->count];
    list->watches[place] = list->watches[list->count];
    shs__lookout_look(list->lookout, list->watched, list->count);
}

/* ---- events ---- */

/* What one that is ready tells; it is looked at no more where once was enough. */
static bool take(struct list *list, size_t place, struct poller_event *event) {
    struct pollfd *watched = &list->watched[place];
    if (watched->fd < 0 || watched->revents == 0) return false;
    event->tag = list->watches[place].tag;
    if (!list->watches[place].once) return true;
    watched->fd = -1 - watched->fd;
    shs__lookout_look(list->lookout, list->watched, list->count);
    return true;
}

/* Did somebody close what is watched without a tag, which are ends of the library's own? */
static bool is_lost(const struct list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->watches[i].tag == NULL && (list->watched[i].revents & (POLLHUP | POLLNVAL)) != 0) return true;
    }
    return false;
}

int shs__poller_wait(int poller, struct poller_event *events, int room, int milliseconds) {
    struct list *list = find(poller);
    int count = 0;
    if (list == NULL) return -1;
    shs__lookout_heard(list->lookout);
    const int ready = poll(list->watched, (nfds_t)list->count, milliseconds);
    if (ready < 0) return errno == EINTR ? 0 : -1;
    if (is_lost(list)) {
        (void)poll(NULL, 0, CLOSING_MILLISECONDS); /* and is closing more, and opening its own */
        errno = EBADF;
        return -1;
    }
    for (size_t i = 0; i < list->count && count < room && count < ready; i++)
        count += take(list, i, &events[count]);
    return count;
}
