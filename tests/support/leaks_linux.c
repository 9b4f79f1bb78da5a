/*
 * What a process owns, as /proc and /dev/shm tell it.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "leaks.h"
#include "parallel.h"

#define TASK_SIZE 64

static void *say_own_task(void *path) {
    snprintf(path, TASK_SIZE, "/proc/self/task/%ld", syscall(SYS_gettid));
    return NULL;
}

/* A thread that was joined still shows for a moment. */
void leaks_warm_up(void) {
    char task[TASK_SIZE] = "";
    pthread_t thread;
    if (pthread_create(&thread, NULL, say_own_task, task) != 0) return;
    pthread_join(thread, NULL);
    while (access(task, F_OK) == 0) {
        parallel_pause();
    }
}

/* The entries of a directory whose names contain part; without "." and "..". */
static size_t count_entries(const char *path, const char *part) {
    size_t count = 0;
    DIR *directory = opendir(path);
    if (directory == NULL) return 0;
    for (const struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] != '.' && strstr(entry->d_name, part) != NULL) count++;
    }
    closedir(directory);
    return count;
}

/* "start-end rwxs offset ...": the fourth letter of the second word says whether a mapping is shared. */
static bool is_shared(const char *line) {
    const char *modes = strchr(line, ' ');
    return modes != NULL && strlen(modes) > 4 && modes[4] == 's';
}

static size_t count_shared_mappings(FILE *out) {
    char line[512];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (maps == NULL) return 0;
    while (fgets(line, sizeof line, maps) != NULL) {
        if (!is_shared(line)) continue;
        count++;
        if (out != NULL) fputs(line, out);
    }
    fclose(maps);
    return count;
}

void leaks_measure(struct leaks *now) {
    char own_names[32];
    snprintf(own_names, sizeof own_names, "shs.%ld.", (long)getpid());
    *now = (struct leaks){ .descriptors = count_entries("/proc/self/fd", ""),
                           .mappings = count_shared_mappings(NULL),
                           .threads = count_entries("/proc/self/task", ""),
                           .names = count_entries("/dev/shm", own_names) };
}

static void describe_descriptor(int directory, const char *name) {
    char target[256];
    const ssize_t length = readlinkat(directory, name, target, sizeof target - 1);
    if (length < 0) return;
    target[length] = '\0';
    fprintf(stderr, "%s -> %s\n", name, target);
}

void leaks_describe(void) {
    count_shared_mappings(stderr);
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) return;
    for (const struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        describe_descriptor(dirfd(directory), entry->d_name);
    }
    closedir(directory);
}
