/*
 * Closing descriptors of which nothing is known. See discard.h.
 */
#include "os/discard.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS_MOST 8
#define MOMENT_MILLISECONDS 200

static atomic_int waiting;

bool shs__discard_has_room(void) { return atomic_load(&waiting) < THREADS_MOST; }

static void close_all(const struct discard *discard) {
    for (size_t i = 0; i < discard->count; i++)
        (void)close(discard->fds[i]);
}

static void *run(void *argument) {
    struct discard *discard = argument;
    close_all(discard);
    free(discard);
    (void)atomic_fetch_sub(&waiting, 1);
    return NULL;
}

/* It takes no signal of the program's. */
static bool start_thread(struct discard *discard) {
    pthread_t thread;
    sigset_t all, kept;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &kept);
    const bool started = pthread_create(&thread, NULL, run, discard) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    if (started) (void)pthread_detach(thread);
    return started;
}

/* What is closed at once shall be closed when the caller goes on: a record lock may have gone with it. */
static void wait_a_moment(int before) {
    for (int i = 0; i < MOMENT_MILLISECONDS && atomic_load(&waiting) > before; i++)
        (void)poll(NULL, 0, 1);
}

void shs__discard(const struct discard *discard) {
    struct discard *copy = malloc(sizeof *copy);
    const int before = atomic_fetch_add(&waiting, 1);
    if (copy != NULL) *copy = *discard;
    if (copy != NULL && start_thread(copy)) {
        wait_a_moment(before);
        return;
    }
    (void)atomic_fetch_sub(&waiting, 1);
    free(copy);
    close_all(discard);
}
