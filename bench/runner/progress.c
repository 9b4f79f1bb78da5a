/*
 * What the run does just now, on standard error: one line that is written over on a terminal, and a line per stage
 * elsewhere.
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

static char last_stage[128];

void progress_show(const char *stage, size_t done, size_t of) {
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, CLEAR_LINE "%s: %zu of %zu", stage, done + 1, of);
    } else if (strcmp(stage, last_stage) != 0) {
        fprintf(stderr, "%s\n", stage);
        snprintf(last_stage, sizeof last_stage, "%s", stage);
    }
}

void progress_end(void) {
    if (isatty(STDERR_FILENO)) fputs(CLEAR_LINE, stderr);
}
