/*
 * Blocks from others, in one thread. See taker.h.
 */
#include "taker.h"

#include <shshared/shshared.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int taker_start(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    const shs_status status = shs_start(&options);
    if (status != SHS_OK) {
        fprintf(stderr, "%s\n", shs_status_text(status));
        return -1;
    }
    printf("%lu\n", (unsigned long)shs_self());
    fflush(stdout);
    return shs_poll_fd();
}

int taker_unwatched(void) {
    fprintf(stderr, "this loop cannot watch standard input: let it be a terminal or a pipe\n");
    return EXIT_FAILURE;
}

void taker_serve(void) { (void)shs_dispatch(); }

static void take(shs_handle handle) {
    void *view;
    size_t size;
    const shs_status status = shs_lock(handle, shs_self(), SHS_READ, &view, &size);
    if (status != SHS_OK) {
        fprintf(stderr, "block %lu: %s\n", (unsigned long)handle, shs_status_text(status));
        return;
    }
    fwrite(view, 1, size, stdout);
    fflush(stdout);
    shs_unlock(view);
    (void)shs_free(handle, shs_self());
}

/* Take the block of every whole line; what is left of the last one comes first the next time. */
static size_t take_lines(char *text, size_t length) {
    char *line = text;
    for (char *end; (end = memchr(line, '\n', length - (size_t)(line - text))) != NULL; line = end + 1)
        take((shs_handle)strtoul(line, NULL, 10));
    const size_t left = length - (size_t)(line - text);
    memmove(text, line, left);
    return left;
}

bool taker_read(void) {
    static char text[256];
    static size_t length;
    if (length == sizeof text) length = 0; /* no number is so long */
    const ssize_t got = read(STDIN_FILENO, text + length, sizeof text - length);
    if (got <= 0) return false;
    length = take_lines(text, length + (size_t)got);
    return true;
}
