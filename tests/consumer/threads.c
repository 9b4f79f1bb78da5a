/*
 * Threads, and a second process, that hand blocks to one another, for ThreadSanitizer: with no synchronization of the
 * program's but the one with which it tells the handle. "race" makes a race of the program's own instead; "give PID" is
 * what the second process does.
 *
 * The library is not instrumented: what it does with atomic operations the sanitizer cannot see, but allocations,
 * copies and locks it does see, and would report those that it thinks are in no order.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <shshared/shshared.h>

enum { ROUNDS = 1000, SLOTS = 16, LARGE = 70000, THREADS = 5 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static shs_handle slots[SLOTS];
static unsigned put, got, unordered;
static const char *program;

static int give(unsigned round, shs_pid owner, shs_handle *handle) {
    char bytes[LARGE];
    const size_t size = round % 8 == 0 ? sizeof bytes : 1 + round % 300;
    memset(bytes, (int)round, size);
    return shs_alloc(bytes, size, owner, handle) == SHS_OK;
}

static int take(shs_handle handle) {
    void *view;
    size_t size;
    if (shs_lock(handle, shs_self(), SHS_READ_WRITE, &view, &size) != SHS_OK) return 0;
    const char *bytes = view;
    const int same = bytes[0] == bytes[size - 1];
    memset(view, 0, size);
    return shs_unlock(view) == SHS_OK && shs_free(handle, shs_self()) == SHS_OK && same;
}

/* The next handle that was put into a slot, or 0. */
static shs_handle next(void) {
    pthread_mutex_lock(&mutex);
    const shs_handle handle = put != got ? slots[got++ % SLOTS] : 0;
    pthread_mutex_unlock(&mutex);
    return handle;
}

static void *giver(void *failed) {
    for (unsigned round = 0; round < ROUNDS; round++) {
        shs_handle handle;
        if (!give(round, shs_self(), &handle)) return failed;
        pthread_mutex_lock(&mutex);
        const int room = put - got < SLOTS;
        if (room) slots[put++ % SLOTS] = handle;
        pthread_mutex_unlock(&mutex);
        if (!room && !take(handle)) return failed;
    }
    return NULL;
}

static void *taker(void *failed) {
    for (unsigned round = 0; round < ROUNDS; round++) {
        const shs_handle handle = next();
        if (handle != 0 && !take(handle)) return failed;
    }
    return NULL;
}

/* Takes what the second process gives; how many that must be, it knows. */
static void *guest(void *failed) {
    char command[4096];
    unsigned count = 0;
    shs_handle handle;
    snprintf(command, sizeof command, "'%s' give %u", program, shs_self());
    FILE *told = popen(command, "r");
    if (told == NULL) return failed;
    while (fscanf(told, "%u", &handle) == 1 && take(handle))
        count++;
    return pclose(told) == 0 && count == ROUNDS ? NULL : failed;
}

static void *racer(void *unused) {
    for (int i = 0; i < 100000; i++)
        unordered++;
    return unused;
}

static int run(void *(*const *starts)(void *), unsigned count) {
    pthread_t threads[THREADS];
    int failed = 0;
    unsigned bad = 0;
    for (unsigned i = 0; i < count; i++) {
        if (pthread_create(&threads[i], NULL, starts[i], &failed) != 0) exit(1);
    }
    for (unsigned i = 0; i < count; i++) {
        void *result;
        pthread_join(threads[i], &result);
        bad += result == &failed;
    }
    return bad == 0;
}

static int give_to(shs_pid owner) {
    for (unsigned round = 0; round < ROUNDS; round++) {
        shs_handle handle;
        if (!give(round, owner, &handle) || printf("%u\n", handle) < 0) return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    void *(*const races[])(void *) = { racer, racer };
    void *(*const uses[THREADS])(void *) = { giver, giver, taker, taker, guest };
    program = argv[0];
    if (argc == 3) return give_to((shs_pid)atol(argv[2]));
    if (argc == 2) return !run(races, 2);
    if (shs_start(NULL) != SHS_OK) return 1;
    int good = run(uses, THREADS);
    for (shs_handle handle = next(); handle != 0; handle = next())
        good = take(handle) && good;
    shs_stop();
    puts(good ? "threads: good" : "threads: failed");
    return !good;
}
