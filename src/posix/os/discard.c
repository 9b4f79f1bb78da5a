/*
 * Closing descriptors that may be slow to close. See discard.h.
 */
#include "os/discard.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/fd_tracking.h"
#include "os/signals.h"

#define THREADS_MOST 8
#define WAITING_MOST 256 /* about; a message that was let in may bring more */

static atomic_int threads;
static void (*_Atomic told)(void);

/* ---- closing ---- */

/* A socket from elsewhere that holds back its end until all is sent, as long as its sender said, shall not. */
static void close_one(int fd) {
    void (*const closed)(void) = atomic_load(&told);
    const struct linger none = { .l_onoff = 0 };
    if (shs__fd_is_aside(fd)) (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    shs__fd_close(fd);
    if (closed != NULL) closed();
}

static void close_waiting(void) {
    for (int fd = shs__fd_take_aside(); fd >= 0; fd = shs__fd_take_aside())
        close_one(fd);
}

/* ---- threads ---- */

static bool may_begin(void) {
    int count = atomic_load(&threads);
    while (count < THREADS_MOST && !atomic_compare_exchange_weak(&threads, &count, count + 1)) {
    }
    return count < THREADS_MOST;
}

/* What came after a thread's last look finds it gone, or is found here. */
static void *run(void *argument) {
    (void)argument;
    do {
        close_waiting();
        (void)atomic_fetch_sub(&threads, 1);
    } while (shs__fd_count_aside() > 0 && may_begin());
    return NULL;
}

/* It takes no signal of the program's. */
static bool start_thread(void) {
    pthread_t thread;
    sigset_t kept;
    signals_hold_off(SIG_SETMASK, &kept);
    const bool started = pthread_create(&thread, NULL, run, NULL) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    if (started) (void)pthread_detach(thread);
    return started;
}

/* ---- what others call ---- */

/* Where none can be made, what waits goes on waiting, until one can. */
void shs__discard_begin(void) {
    if (shs__fd_count_aside() > 0 && may_begin() && !start_thread()) (void)atomic_fetch_sub(&threads, 1);
}

bool shs__discard_has_room(void) {
    if (atomic_load(&threads) == 0) shs__discard_begin();
    return shs__fd_count_aside() < WAITING_MOST;
}

void shs__discard(int fd) {
    if (shs__fd_set_aside(fd))
        shs__discard_begin();
    else
        close_one(fd);
}

void shs__discard_foreign(int fd) {
    if (!shs__fd_set_aside_foreign(fd)) (void)close(fd);
}

void shs__discard_tell(void (*closed)(void)) { atomic_store(&told, closed); }

void shs__discard_anew(void) { atomic_store(&threads, 0); }
