/*
 * How many system calls a program of the benchmark makes for its operations in steady state, as strace sees them.
 *
 * The traced program is asked twice. What strace wrote between its first answer and its second one is steady state;
 * start and end of a process, where threads race, lie outside. A summary (strace -c) could not tell them apart.
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

static int is_answer(const char *line) { return strstr(line, " write(1, ") != NULL; }

/* A call's first line, and neither the runner's question nor one that only waits. */
static int is_counted(const char *line) {
    return strchr(line, '(') != NULL && strstr(line, " resumed>") == NULL && strstr(line, " read(0, ") == NULL &&
           strstr(line, " recvmsg(") == NULL;
}

static int count_between_answers(FILE *log, long *calls) {
    char line[1024];
    int answers = 0;
    *calls = 0;
    while (answers < 2 && fgets(line, sizeof line, log) != NULL) {
        if (is_answer(line))
            answers++;
        else if (answers == 1 && is_counted(line))
            ++*calls;
    }
    return answers == 2;
}

static int trace(const struct settings *settings, const char *program, const char *log, uint64_t operations) {
    char path[sizeof settings->directory + 64];
    struct program traced;
    struct answer answer;
    snprintf(path, sizeof path, "%s/%s", settings->directory, program);
    const char *const argv[] = { "strace", "-f", "-o", log, path, BLOCK_SIZE_TEXT, NULL };
    if (access(path, X_OK) != 0 || !program_start(&traced, argv, settings->core)) return 0;
    const int answered = program_ask(&traced, BLOCK_SIZE, WARM_OPERATIONS, &answer) &&
                         program_ask(&traced, BLOCK_SIZE, operations, &answer);
    program_stop(&traced);
    return answered;
}

int calls_count(const struct settings *settings, const char *program, uint64_t operations, long *calls) {
    char name[] = "/tmp/bench-strace-XXXXXX";
    const int file = mkstemp(name);
    if (file < 0) return 0;
    FILE *log = fdopen(file, "r");
    int counted = 0;
    if (log != NULL) {
        counted = trace(settings, program, name, operations) && count_between_answers(log, calls);
        fclose(log);
    } else {
        close(file);
    }
    unlink(name);
    return counted;
}
