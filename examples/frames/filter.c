/*
 * The filter: makes edges shine and the rest dark, in the memory where the producer drew.
 */
#include <stdlib.h>

#include "frames.h"

static uint8_t edge(const uint8_t *pixel, size_t next_row) {
    const int across = abs(pixel[3] - pixel[0]), down = abs(pixel[next_row] - pixel[0]);
    const int shine = pixel[0] / 2 + 4 * (across + down);
    return (uint8_t)(shine > 255 ? 255 : shine);
}

/* From the top left to the bottom right: each pixel looks at two that are still as they were drawn. */
static void work_on(uint8_t *frame) {
    const size_t row = (size_t)FRAME_WIDTH * 3;
    for (size_t y = 0; y + 1 < FRAME_HEIGHT; y++) {
        for (size_t at = y * row; at + 3 < (y + 1) * row; at++)
            frame[at] = edge(frame + at, row);
    }
}

bool filter_all(const struct pipes *pipes) {
    shs_handle handle;
    while (receive_handle(pipes->in, &handle)) {
        void *frame;
        size_t size;
        if (!went_well("lock", shs_lock(handle, shs_self(), SHS_READ_WRITE, &frame, &size))) return false;
        if (size == FRAME_SIZE) work_on(frame);
        if (!went_well("unlock", shs_unlock(frame)) || !send_handle(pipes->out, handle)) return false;
    }
    return true;
}
