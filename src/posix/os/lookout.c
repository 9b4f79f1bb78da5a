/*
 * The lookout of a poller. See lookout.h.
 */
#include "os/lookout.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "os/signals.h"

#define ROUND_MILLISECONDS 1000 /* until it looks whether it was ended, when nobody can write to it any more */

struct lookout {
    pthread_t thread;
    struct lookout_end shown, other;
    pthread_mutex_t lock;
    pthread_cond_t heard;
    struct pollfd *watched; /* the first is the other end */
    size_t count;
    bool told, ending;
};

static void write_one(const struct lookout_end *end) {
    if (lookout_end_is_ours(end)) (void)send(end->fd, "", 1, MSG_DONTWAIT);
}

static void empty(const struct lookout_end *end) {
    char bytes[64];
    while (lookout_end_is_ours(end) && recv(end->fd, bytes, sizeof bytes, MSG_DONTWAIT) == (ssize_t)sizeof bytes) {
    }
}

/* A copy of what is to be polled, for the caller to free; NULL at the end. */
static struct pollfd *next_look(struct lookout *lookout, size_t *count) {
    struct pollfd *copy = NULL;
    (void)pthread_mutex_lock(&lookout->lock);
    while (lookout->told && !lookout->ending)
        (void)pthread_cond_wait(&lookout->heard, &lookout->lock);
    *count = lookout->count;
    if (!lookout->ending) copy = malloc(*count * sizeof *copy);
    if (copy != NULL) memcpy(copy, lookout->watched, *count * sizeof *copy);
    (void)pthread_mutex_unlock(&lookout->lock);
    return copy;
}

static bool is_ending(struct lookout *lookout) {
    (void)pthread_mutex_lock(&lookout->lock);
    const bool ending = lookout->ending;
    (void)pthread_mutex_unlock(&lookout->lock);
    return ending;
}

static void tell(struct lookout *lookout) {
    (void)pthread_mutex_lock(&lookout->lock);
    lookout->told = true;
    (void)pthread_mutex_unlock(&lookout->lock);
    write_one(&lookout->other);
}

static void look(struct lookout *lookout, struct pollfd *watched, size_t count) {
    const int ready = poll(watched, (nfds_t)count, ROUND_MILLISECONDS);
    const bool nudged = ready > 0 && watched[0].revents != 0;
    if (nudged) empty(&lookout->other);
    if (ready > (nudged ? 1 : 0)) tell(lookout);
}

static void *run(void *argument) {
    struct lookout *lookout = argument;
    int ignored;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &ignored);
    while (!is_ending(lookout)) {
        size_t count;
        struct pollfd *watched = next_look(lookout, &count);
        if (watched != NULL)
            look(lookout, watched, count);
        else
            (void)poll(NULL, 0, 1); /* no memory, for now */
        free(watched);
    }
    return NULL;
}

/* It takes no signal of the program's. */
static int start_thread(struct lookout *lookout) {
    sigset_t kept;
    signals_hold_off(SIG_SETMASK, &kept);
    const int error = pthread_create(&lookout->thread, NULL, run, lookout);
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    return error;
}

static void discard(struct lookout *lookout) {
    (void)pthread_cond_destroy(&lookout->heard);
    (void)pthread_mutex_destroy(&lookout->lock);
    free(lookout->watched);
    free(lookout);
}

struct lookout *shs__lookout_start(const struct lookout_end *shown, const struct lookout_end *other) {
    struct lookout *lookout = calloc(1, sizeof *lookout);
    if (lookout == NULL) return NULL;
    lookout->shown = *shown;
    lookout->other = *other;
    lookout->watched = calloc(1, sizeof *lookout->watched);
    (void)pthread_mutex_init(&lookout->lock, NULL);
    (void)pthread_cond_init(&lookout->heard, NULL);
    if (lookout->watched != NULL) {
        lookout->watched[0] = (struct pollfd){ .fd = other->fd, .events = POLLIN };
        lookout->count = 1;
        if (start_thread(lookout) == 0) return lookout;
    }
    discard(lookout);
    return NULL;
}

void shs__lookout_look(struct lookout *lookout, const struct pollfd *watched, size_t count) {
    if (lookout == NULL) return;
    (void)pthread_mutex_lock(&lookout->lock);
    struct pollfd *room = realloc(lookout->watched, (count + 1) * sizeof *room);
    if (room != NULL) {
        if (count > 0) memcpy(room + 1, watched, count * sizeof *room);
        lookout->watched = room;
        lookout->count = count + 1;
    }
    (void)pthread_mutex_unlock(&lookout->lock);
    write_one(&lookout->shown);
}

void shs__lookout_heard(struct lookout *lookout) {
    if (lookout == NULL) return;
    (void)pthread_mutex_lock(&lookout->lock);
    empty(&lookout->shown);
    lookout->told = false;
    (void)pthread_cond_signal(&lookout->heard);
    (void)pthread_mutex_unlock(&lookout->lock);
}

void shs__lookout_end(struct lookout *lookout) {
    if (lookout == NULL) return;
    (void)pthread_mutex_lock(&lookout->lock);
    lookout->ending = true;
    (void)pthread_cond_signal(&lookout->heard);
    (void)pthread_mutex_unlock(&lookout->lock);
    write_one(&lookout->shown);
    (void)pthread_join(lookout->thread, NULL);
    discard(lookout);
}
