/*
 * The watchdog on Windows: a thread that waits for the end of the test, or for the time limit.
 */
#include "watchdog.h"

#include <stdio.h>
#include <windows.h>

#include "child.h"
#include "parallel.h"

static const char *watched_test;
static DWORD limit;
static HANDLE test_ended;
static struct parallel *watcher;

static void watch(void *argument) {
    (void)argument;
    if (WaitForSingleObject(test_ended, limit) != WAIT_TIMEOUT) return;
    children_kill_all();
    fprintf(stderr, "\ntime limit passed in test: %s\n", watched_test);
    TerminateProcess(GetCurrentProcess(), 1);
}

void watchdog_start(unsigned seconds, const char *test) {
    watched_test = test;
    limit = seconds * 1000;
    test_ended = CreateEventA(NULL, TRUE, FALSE, NULL);
    watcher = parallel_start(watch, NULL);
}

void watchdog_stop(void) {
    SetEvent(test_ended);
    parallel_join(watcher);
    CloseHandle(test_ended);
}
