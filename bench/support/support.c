/*
 * Small things that every program of the benchmark needs: to end with a reason, to tell the time, to fill and read
 * memory, and to answer the runner.
 *
 * They are in C11 and the clock that POSIX and MinGW both have, so that a Windows program under Wine is measured by
 * the same code as a native one.
 */
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "answer.h"

void fail(const char *what) {
    fprintf(stderr, "%s%s%s\n", what, errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
    exit(EXIT_FAILURE);
}

void leave_out(const char *why) {
    fprintf(stderr, "\nleft out: %s\n", why);
    exit(LEFT_OUT);
}

uint64_t clock_now(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) fail("clock_gettime");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void *filled_memory(size_t size) {
    uint64_t *words = malloc(size);
    if (words == NULL) fail("malloc");
    for (size_t i = 0; i < size / sizeof *words; i++)
        words[i] = i * 0x9E3779B97F4A7C15u;
    return words;
}

void (*after_reading)(void);

uint64_t sum_words(const void *data, size_t size) {
    const uint64_t *words = data;
    uint64_t sum = 0;
    for (size_t i = 0; i < size / sizeof *words; i++)
        sum += words[i];
    if (after_reading != NULL) after_reading();
    return sum;
}

uint64_t parse_number(const char *text) {
    char *end = NULL;
    const uint64_t number = strtoull(text, &end, 10);
    if (end == text || *end != '\0') fail(text);
    return number;
}

int next_question(size_t *size, uint64_t *count) {
    char line[64];
    if (fgets(line, sizeof line, stdin) == NULL) return 0;
    char *rest = line;
    *size = (size_t)strtoull(rest, &rest, 10);
    *count = strtoull(rest, &rest, 10);
    if (*size % sizeof(uint64_t) != 0 || *count == 0) fail("a question without meaning");
    return 1;
}

int answer_runner(measure *measured) {
    size_t size = 0;
    uint64_t count = 0;
    while (next_question(&size, &count)) {
        const struct answer answer = { .nanoseconds = measured(size, count) };
        answer_write(&answer);
    }
    return EXIT_SUCCESS;
}
