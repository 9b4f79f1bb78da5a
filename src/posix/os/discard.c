/*
 * Closing descriptors that may be slow to close. See discard.h.
 */
#include "os/discard.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "os/fd_tracking.h"

#define THREADS_MOST 8
#define WAITING_MOST 256 /* about; a message that was let in may bring more */
#define MOMENT_MILLISECONDS 5
#define WORD_BITS 64
#define WORDS ((1 << 18) / WORD_BITS) /* for all numbers that a descriptor here can have */

static _Atomic uint64_t waiting[WORDS]; /* a bit for each number */
static atomic_int waiting_count, threads;
static atomic_int slow; /* threads that were waited for in vain */

bool shs__discard_has_room(void) { return atomic_load(&waiting_count) < WAITING_MOST; }

/* ---- closing ---- */

static int lowest_bit(uint64_t word) {
    int bit = 0;
    while ((word >> bit & 1) == 0)
        bit++;
    return bit;
}

/* Take one out of the set. -1 where it is empty. */
static int take(void) {
    for (int i = 0; i < WORDS && atomic_load(&waiting_count) > 0; i++) {
        uint64_t word = atomic_load(&waiting[i]);
        while (word != 0 && !atomic_compare_exchange_weak(&waiting[i], &word, word & (word - 1))) {
        }
        if (word == 0) continue;
        (void)atomic_fetch_sub(&waiting_count, 1);
        return i * WORD_BITS + lowest_bit(word);
    }
    return -1;
}

static void close_waiting(void) {
    for (int fd = take(); fd >= 0; fd = take())
        shs__fd_close(fd);
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
    } while (atomic_load(&waiting_count) > 0 && may_begin());
    return NULL;
}

/* It takes no signal of the program's. */
static bool start_thread(void) {
    pthread_t thread;
    sigset_t all, kept;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &kept);
    const bool started = pthread_create(&thread, NULL, run, NULL) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    if (started) (void)pthread_detach(thread);
    return started;
}

/* ---- what others call ---- */

void shs__discard(int fd) {
    if (fd >= WORDS * WORD_BITS) {
        shs__fd_close(fd);
        return;
    }
    (void)atomic_fetch_add(&waiting_count, 1);
    (void)atomic_fetch_or(&waiting[fd / WORD_BITS], UINT64_C(1) << fd % WORD_BITS);
    if (!may_begin() || start_thread()) return;
    const bool is_alone = atomic_fetch_sub(&threads, 1) == 1;
    if (is_alone) close_waiting(); /* no memory for a thread, and none will come to it */
}

void shs__discard_wait(void) {
    int busy = atomic_load(&threads);
    for (int i = 0; i < MOMENT_MILLISECONDS && busy > atomic_load(&slow) && busy < THREADS_MOST; i++) {
        (void)poll(NULL, 0, 1);
        busy = atomic_load(&threads);
    }
    atomic_store(&slow, busy);
}

void shs__discard_anew(void) {
    if (atomic_exchange(&threads, 0) == 0 && atomic_load(&waiting_count) == 0) return;
    for (int i = 0; i < WORDS; i++)
        atomic_store(&waiting[i], 0);
    atomic_store(&waiting_count, 0);
    atomic_store(&slow, 0);
}
