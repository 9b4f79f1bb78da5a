/*
 * What a program of the benchmark tells the runner for a question: a line of numbers.
 */
#include "answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void answer_write(const struct answer *answer) {
    const struct tail *tail = &answer->tail;
    printf("%" PRIu64 " %" PRIu64 " %" PRIu64, answer->nanoseconds, answer->busy, answer->held);
    printf(" %" PRIu64 " %" PRIu64 " %" PRIu64, tail->p50, tail->p99, tail->p999);
    printf(" %" PRIu64 " %" PRIu64 "\n", tail->longest, tail->count);
    fflush(stdout);
}

int answer_read(const char *line, struct answer *answer) {
    struct tail *tail = &answer->tail;
    uint64_t *const numbers[] = { &answer->nanoseconds, &answer->busy, &answer->held,  &tail->p50,
                                  &tail->p99,           &tail->p999,   &tail->longest, &tail->count };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char *end = NULL;
        *numbers[i] = strtoull(line, &end, 10);
        if (end == line) return 0;
        line = end;
    }
    return 1;
}
