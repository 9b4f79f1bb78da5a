/*
 * Threads of tests on POSIX.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "parallel.h"

struct parallel {
    pthread_t thread;
    void (*function)(void *);
    void *argument;
};

static void *body(void *argument) {
    const struct parallel *thread = argument;
    thread->function(thread->argument);
    return NULL;
}

struct parallel *parallel_start(void (*function)(void *), void *argument) {
    struct parallel *thread = malloc(sizeof *thread);
    if (thread == NULL) return NULL;
    *thread = (struct parallel){ .function = function, .argument = argument };
    if (pthread_create(&thread->thread, NULL, body, thread) == 0) return thread;
    free(thread);
    return NULL;
}

void parallel_join(struct parallel *thread) {
    if (thread == NULL) return;
    pthread_join(thread->thread, NULL);
    free(thread);
}

void parallel_pause(void) {
    const struct timespec moment = { .tv_nsec = 1000000 };
    nanosleep(&moment, NULL);
}
