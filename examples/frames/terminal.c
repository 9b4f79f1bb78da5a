/*
 * A frame on a terminal with 24-bit colours: each character is an upper half block, and so two pixels.
 */
#include <stdio.h>

#include "frames.h"

#define STEP 4 /* pixels to one that is shown */

static const uint8_t *pixel(const uint8_t *frame, int x, int y) {
    return frame + ((size_t)y * FRAME_WIDTH + (size_t)x) * 3;
}

void terminal_show(const uint8_t *frame) {
    printf("\033[H");
    for (int y = 0; y + STEP < FRAME_HEIGHT; y += 2 * STEP) {
        for (int x = 0; x < FRAME_WIDTH; x += STEP) {
            const uint8_t *upper = pixel(frame, x, y), *lower = pixel(frame, x, y + STEP);
            printf("\033[38;2;%d;%d;%dm\033[48;2;%d;%d;%dm\u2580", upper[0], upper[1], upper[2], lower[0], lower[1],
                   lower[2]);
        }
        printf("\033[0m\n");
    }
    fflush(stdout);
}
