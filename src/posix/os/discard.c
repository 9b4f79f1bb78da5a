/*
 * Closing descriptors that may be slow to close. See discard.h.
 */
#include "os/discard.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/fd_tracking.h"

#define THREADS_MOST 8
#define WAITING_MOST 256 /* about; a message that was let in may bring more */
#define WORD_BITS 64
#define WORDS ((1 << 18) / WORD_BITS) /* for all numbers that a descriptor here can have */

static _Atomic uint64_t waiting[WORDS]; /* a bit for each number */
static atomic_int waiting_count, threads;
static void (*_Atomic told)(void);

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

/* A socket from elsewhere that holds back its end until all is sent, as long as its sender said, shall not. */
static void close_one(int fd) {
    void (*const closed)(void) = atomic_load(&told);
    const struct linger none = { .l_onoff = 0 };
    if (!shs__fd_is_ours(fd)) (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    shs__fd_close(fd);
    if (closed != NULL) closed();
}

static void close_waiting(void) {
    for (int fd = take(); fd >= 0; fd = take())
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

/* Where none can be made, what waits goes on waiting, until one can. */
static void begin(void) {
    if (may_begin() && !start_thread()) (void)atomic_fetch_sub(&threads, 1);
}

/* ---- what others call ---- */

bool shs__discard_has_room(void) {
    if (atomic_load(&waiting_count) > 0 && atomic_load(&threads) == 0) begin();
    return atomic_load(&waiting_count) < WAITING_MOST;
}

void shs__discard(int fd) {
    if (fd >= WORDS * WORD_BITS) {
        close_one(fd);
        return;
    }
    (void)atomic_fetch_add(&waiting_count, 1);
    (void)atomic_fetch_or(&waiting[fd / WORD_BITS], UINT64_C(1) << fd % WORD_BITS);
    begin();
}

void shs__discard_tell(void (*closed)(void)) { atomic_store(&told, closed); }

void shs__discard_anew(void) {
    if (atomic_exchange(&threads, 0) == 0 && atomic_load(&waiting_count) == 0) return;
    for (int i = 0; i < WORDS; i++)
        atomic_store(&waiting[i], 0);
    atomic_store(&waiting_count, 0);
}
