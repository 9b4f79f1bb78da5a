/*
 * receive [FILE]: print this process's pid, take the blocks that others give, and save their bytes in FILE or print
 * them.
 *
 * A block is known by its handle, one on each line of standard input: typed by hand from what send printed, or piped.
 * Standard output carries what must travel to the other side, the pid (and the bytes, where there is no FILE); standard
 * error carries what people read. It waits for lines, and the library answers meanwhile. The other side is send.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include <shshared/shshared.h>

#include "clock.h"

/* See the block, write its bytes, give back the view and the block. */
static shs_status take(shs_handle handle, FILE *output) {
    void *view;
    size_t size;
    const double start = clock_ms();
    const shs_status status = shs_lock(handle, shs_self(), SHS_READ, &view, &size);
    if (status != SHS_OK) return status;
    const double ms = clock_ms() - start;
    if (fwrite(view, 1, size, output) != size || fflush(output) != 0) perror("receive");
    fprintf(stderr, "receive: block %lu: %zu bytes, seen after %.3f ms\n", (unsigned long)handle, size, ms);
    shs_unlock(view);
    return shs_free(handle, shs_self());
}

static int take_all(FILE *output) {
    char line[64];
    while (fgets(line, sizeof line, stdin) != NULL) {
        const shs_status status = take((shs_handle)strtoul(line, NULL, 10), output);
        if (status == SHS_OK) continue;
        fprintf(stderr, "receive: %s\n", shs_status_text(status));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    const shs_status status = shs_start(NULL); /* from here on this process can be given blocks */
    if (status != SHS_OK) {
        fprintf(stderr, "receive: %s\n", shs_status_text(status));
        return EXIT_FAILURE;
    }
    FILE *output = argc > 1 ? fopen(argv[1], "wb") : stdout;
    if (output == NULL) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "receive: in another terminal: send FILE %lu; then type here the handle that it prints\n",
            (unsigned long)shs_self());
    printf("%lu\n", (unsigned long)shs_self());
    fflush(stdout);
    return take_all(output);
}
