/*
 * Whether the other threads of a process are at rest, on Linux: /proc tells in which call each of them is.
 */
#include <dirent.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "close_others.h"
#include "support/suite.h"

static const long waits[] = {
#ifdef SYS_epoll_wait /* newer processors have the next one only */
    SYS_epoll_wait,
#endif
    SYS_epoll_pwait,
#ifdef SYS_poll
    SYS_poll,
#endif
    SYS_ppoll,
};

static bool is_wait(long call) {
    for (size_t i = 0; i < LENGTH(waits); i++) {
        if (waits[i] == call) return true;
    }
    return false;
}

/* A thread that runs is in none; one that has just ended has no file. */
static bool is_at_rest(const char *thread) {
    char path[64], said[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%.20s/syscall", thread);
    FILE *file = fopen(path, "re");
    if (file == NULL) return true;
    const bool told = fgets(said, sizeof said, file) != NULL;
    fclose(file);
    char *end = said;
    const long call = strtol(said, &end, 10);
    return !told || (end != said && is_wait(call));
}

static bool all_at_rest(void) {
    DIR *threads = opendir("/proc/self/task");
    bool at_rest = true;
    if (threads == NULL) return true;
    for (struct dirent *entry = readdir(threads); entry != NULL; entry = readdir(threads)) {
        const long thread = strtol(entry->d_name, NULL, 10);
        if (thread > 0 && thread != syscall(SYS_gettid) && !is_at_rest(entry->d_name)) at_rest = false;
    }
    closedir(threads);
    return at_rest;
}

void wait_for_rest(void) {
    while (!all_at_rest())
        sched_yield();
}
