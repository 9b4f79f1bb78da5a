/*
 * How this run goes: what the command line said, and how long things may take in its mode.
 */
#define _GNU_SOURCE /* sched_getaffinity */
#include "settings.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUICK_ROUNDS 31
#define QUICK_SECONDS 4.0
#define FULL_ROUNDS 41
#define FULL_SECONDS 25.0

/* Interrupts of many machines are served by the first core, so take the last. */
static int last_core(void) {
    cpu_set_t set;
    int last = 0;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    for (int core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET((size_t)core, &set)) last = core;
    return last;
}

static int find_programs(char *directory, size_t room) {
    const ssize_t length = readlink("/proc/self/exe", directory, room - 1);
    if (length <= 0) return 0;
    directory[length] = '\0';
    *strrchr(directory, '/') = '\0';
    return 1;
}

static int read_core(const char *text, int *core) {
    char *end = NULL;
    errno = 0;
    const long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number >= CPU_SETSIZE) return 0;
    *core = (int)number;
    return 1;
}

static int read_part(struct settings *settings, const char *part) {
    static const char *const names[] = {
        [THREE] = "three", [CROWDS] = "crowds", [CYCLES] = "cycles", [TAILS] = "tails"
    };
    for (settings->only = THREE; settings->only <= TAILS; settings->only++)
        if (strcmp(part, names[settings->only]) == 0) return 1;
    return 0;
}

static int read_option(struct settings *settings, const char *option, const char *value) {
    if (value == NULL) return 0;
    if (strcmp(option, "--core") == 0) return read_core(value, &settings->core);
    if (strcmp(option, "--only") == 0) return read_part(settings, value);
    if (strcmp(option, "--output") != 0) return 0;
    settings->output = value;
    return 1;
}

int settings_read(struct settings *settings, int argc, char **argv) {
    *settings = (struct settings){ .core = last_core(), .output = "." };
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            settings->quick = 1;
        else if (read_option(settings, argv[i], argv[i + 1]))
            i++;
        else
            return 0;
    }
    settings->rounds = settings->quick ? QUICK_ROUNDS : FULL_ROUNDS;
    settings->seconds = settings->quick ? QUICK_SECONDS : FULL_SECONDS;
    return find_programs(settings->directory, sizeof settings->directory);
}

int settings_want(const struct settings *settings, enum part part) {
    return settings->only == EVERYTHING || settings->only == part;
}
