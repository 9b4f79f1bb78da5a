/*
 * The bar. See progress.h.
 */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define MUCH ((size_t)16 << 20)
#define STEP ((size_t)4 << 20) /* from one drawing to the next */
#define WIDTH 40

void progress_begin(struct progress *progress, size_t all) {
    *progress = (struct progress){ .all = all, .terminal = isatty(STDERR_FILENO) == 1 };
}

static void draw(const struct progress *progress) {
    char bar[WIDTH + 1];
    const size_t full = progress->all == 0 ? 0 : (size_t)((double)progress->done / (double)progress->all * WIDTH);
    for (size_t i = 0; i < WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[WIDTH] = '\0';
    if (progress->all == 0)
        (void)fprintf(stderr, "\r%zu MiB", progress->done >> 20);
    else
        (void)fprintf(stderr, "\r[%s] %zu of %zu MiB", bar, progress->done >> 20, progress->all >> 20);
    (void)fflush(stderr);
}

void progress_add(struct progress *progress, size_t bytes) {
    progress->done += bytes;
    if (!progress->terminal || progress->done < progress->shown + STEP) return;
    if (progress->all != 0 ? progress->all < MUCH : progress->done < MUCH) return;
    progress->shown = progress->done;
    draw(progress);
}

void progress_end(struct progress *progress) {
    if (progress->shown > 0) (void)fputs("\r\033[K", stderr);
    progress->shown = 0;
}
