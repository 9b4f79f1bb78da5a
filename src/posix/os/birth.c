/*
 * The birth of descriptors. See birth.h.
 */
#include "os/birth.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "os/signals.h"

#define STREAMS (STDERR_FILENO + 1)

static pthread_mutex_t births = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local unsigned depth; /* of births in this thread */

/* What the thread in a birth was like before. Under the lock. */
static struct {
    int cancelable;
    sigset_t mask;
} before;
static sigset_t mask_at_fork;

/* The root folder, which nobody can write to. The lowest number that is free is a stream's. */
static void fill_one(void) {
    const int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= STREAMS) (void)close(fd); /* another thread was faster */
}

static void fill_streams(void) {
    for (int fd = 0; fd < STREAMS; fd++) {
        if (fcntl(fd, F_GETFD) < 0) fill_one();
    }
}

void shs__birth_hold(void) {
    int cancelable;
    sigset_t mask;
    if (depth > 0) {
        depth++;
        return;
    }
    signals_hold_off(SIG_BLOCK, &mask);
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelable);
    (void)pthread_mutex_lock(&births);
    before.cancelable = cancelable;
    before.mask = mask;
    depth = 1;
}

void shs__birth_begin(void) {
    shs__birth_hold();
    if (depth == 1) fill_streams();
}

void shs__birth_end(void) {
    const int error = errno;
    if (depth > 1) {
        depth--;
        return;
    }
    const int cancelable = before.cancelable;
    const sigset_t mask = before.mask;
    (void)pthread_mutex_unlock(&births);
    depth = 0;
    (void)pthread_setcancelstate(cancelable, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    errno = error;
}

/* ---- forks ---- */

/* The thread that forks is in a birth meanwhile: other handlers of forks may call the library in it. And no handler of
 * a signal runs, as it could fork, too. */
void shs__birth_stop(void) {
    sigset_t mask;
    signals_hold_off(SIG_BLOCK, &mask);
    (void)pthread_mutex_lock(&births);
    mask_at_fork = mask;
    depth = 1;
}

/* In a child where such a handler has begun anew there is nothing to give back. */
void shs__birth_go_on(void) {
    const sigset_t mask = mask_at_fork;
    if (depth > 0) {
        depth = 0;
        (void)pthread_mutex_unlock(&births);
    }
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

void shs__birth_anew(void) {
    static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
    births = unlocked;
    depth = 0;
}
