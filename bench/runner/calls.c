/*
 * How many system calls a program of the benchmark makes for its operations, as strace counts them.
 *
 * The program runs twice, once for few operations and once for more, and the difference of strace's totals counts:
 * what start and first use cost is the same in both and cancels out. The runner's own question and answer are in both.
 */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

#define BLOCK_SIZE 64
#define BLOCK_SIZE_TEXT "64"
#define WARM_OPERATIONS 1000

/* The line "100.00 SECONDS USECS/CALL CALLS [ERRORS] total". */
static int read_total(FILE *summary, long *calls) {
    char line[256];
    char number[32];
    while (fgets(line, sizeof line, summary) != NULL)
        if (strstr(line, " total") != NULL && sscanf(line, "%*s %*s %*s %31s", number) == 1) {
            *calls = strtol(number, NULL, 10);
            return 1;
        }
    return 0;
}

static int trace(const struct settings *settings, const char *program, const char *summary, uint64_t operations) {
    char path[sizeof settings->directory + 64];
    struct program traced;
    uint64_t nanoseconds = 0;
    snprintf(path, sizeof path, "%s/%s", settings->directory, program);
    const char *const argv[] = { "strace", "-f", "-c", "-o", summary, path, BLOCK_SIZE_TEXT, NULL };
    if (access(path, X_OK) != 0 || !program_start(&traced, argv, settings->core)) return 0;
    const int answered = program_ask(&traced, BLOCK_SIZE, WARM_OPERATIONS, &nanoseconds) &&
                         program_ask(&traced, BLOCK_SIZE, operations, &nanoseconds);
    program_stop(&traced);
    return answered;
}

static int count_in_file(const struct settings *settings, const char *program, uint64_t operations, long *calls) {
    char name[] = "/tmp/bench-strace-XXXXXX";
    const int file = mkstemp(name);
    if (file < 0) return 0;
    FILE *summary = fdopen(file, "r");
    int counted = 0;
    if (summary != NULL) {
        counted = trace(settings, program, name, operations) && read_total(summary, calls);
        fclose(summary);
    }
    unlink(name);
    return counted;
}

int calls_count(const struct settings *settings, const char *program, uint64_t operations, long *calls) {
    long few = 0;
    long more = 0;
    if (!count_in_file(settings, program, WARM_OPERATIONS, &few)) return 0;
    if (!count_in_file(settings, program, WARM_OPERATIONS + operations, &more)) return 0;
    *calls = more - few;
    return 1;
}
