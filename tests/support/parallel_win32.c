/*
 * Threads of tests on Windows.
 */
#include <process.h>
#include <stdlib.h>
#include <windows.h>

#include "parallel.h"

struct parallel {
    HANDLE thread;
    void (*function)(void *);
    void *argument;
};

static unsigned WINAPI body(void *argument) {
    const struct parallel *thread = argument;
    thread->function(thread->argument);
    return 0;
}

struct parallel *parallel_start(void (*function)(void *), void *argument) {
    struct parallel *thread = malloc(sizeof *thread);
    if (thread == NULL) return NULL;
    *thread = (struct parallel){ .function = function, .argument = argument };
    thread->thread = (HANDLE)_beginthreadex(NULL, 0, body, thread, 0, NULL);
    if (thread->thread != NULL) return thread;
    free(thread);
    return NULL;
}

void parallel_join(struct parallel *thread) {
    if (thread == NULL) return;
    WaitForSingleObject(thread->thread, INFINITE);
    CloseHandle(thread->thread);
    free(thread);
}

void parallel_pause(void) { Sleep(1); }
