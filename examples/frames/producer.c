/*
 * The producer: draws frame after frame, each right where the filter will find it. A frame is a function of its number:
 * rings that move through each other.
 */
#include <unistd.h>

#include "frames.h"

/* A wave from 0 to 255 and back. */
static uint8_t wave(uint32_t phase) {
    const uint32_t at = phase % 512;
    return (uint8_t)(at < 256 ? at : 511 - at);
}

/* The same in steps, which have edges. */
static uint8_t terrace(uint32_t phase) { return wave(phase) & 0xE0; }

static uint32_t square_root(uint32_t number) {
    uint32_t root = 0;
    for (uint32_t bit = 1u << 15; bit != 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= number) root += bit;
    }
    return root;
}

/* How far it is to a centre that goes to and fro, in quarters of a pixel. */
static uint32_t distance(int x, int y, int centre_x, int centre_y) {
    const int across = 4 * (x - centre_x), down = 4 * (y - centre_y);
    return square_root((uint32_t)(across * across + down * down));
}

static void draw(uint8_t *frame, unsigned number) {
    const int left = FRAME_WIDTH * wave(3 * number) / 255, top = FRAME_HEIGHT * wave(2 * number + 100) / 255;
    for (int y = 0; y < FRAME_HEIGHT; y++) {
        for (int x = 0; x < FRAME_WIDTH; x++, frame += 3) {
            const uint32_t near = distance(x, y, left, top), far = distance(x, y, FRAME_WIDTH - left, top / 2);
            frame[0] = terrace(near + 5 * number);
            frame[1] = terrace((near + far) / 2);
            frame[2] = terrace(far + 256);
        }
    }
}

static bool give_frame(unsigned number, shs_pid filter, int out) {
    shs_handle handle;
    void *frame;
    if (!went_well("alloc", shs_alloc_locked(FRAME_SIZE, filter, &handle, &frame))) return false;
    draw(frame, number);
    return went_well("unlock", shs_unlock(frame)) && send_handle(out, handle);
}

static bool await_freed(const struct pipes *pipes) {
    char freed;
    return read(pipes->freed, &freed, 1) == 1;
}

bool produce(const struct job *job, shs_pid filter, const struct pipes *pipes) {
    unsigned underway = 0;
    if (!went_well("wait", shs_wait(filter, 10000))) return false;
    for (unsigned i = 0; i < job->count; i++) {
        if (underway == FRAMES_UNDERWAY && !await_freed(pipes)) return false;
        if (underway < FRAMES_UNDERWAY) underway++; /* otherwise it takes the place of the one that was freed */
        if (!give_frame(i, filter, pipes->out)) return false;
    }
    while (underway > 0 && await_freed(pipes))
        underway--;
    return underway == 0;
}
