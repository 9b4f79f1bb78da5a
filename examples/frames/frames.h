/*
 * Frames that three processes work on without copying them: a producer draws each one right into a block of the filter,
 * the filter changes it in place, and the viewer looks at it there, shows it, and frees it. What travels between them
 * are handles, through pipes; who the filter is, both others know by its pid.
 *
 * frames.c starts them; each has a file of its own.
 */
#ifndef EXAMPLES_FRAMES_H
#define EXAMPLES_FRAMES_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_WIDTH 320
#define FRAME_HEIGHT 180
#define FRAME_SIZE ((size_t)FRAME_WIDTH * FRAME_HEIGHT * 3) /* bytes: red, green, blue */

/* So many are between the producer and the viewer at most. */
#define FRAMES_UNDERWAY 4

/* What the starter was asked for. */
struct job {
    unsigned count;   /* frames */
    const char *save; /* the folder for pictures; NULL: none */
};

/* One end of each pipe, as a process has it. */
struct pipes {
    int in, out;
    int freed; /* a byte for each frame that the viewer has freed: to the producer */
};

/* Draw so many frames into blocks of the filter. */
bool produce(const struct job *job, shs_pid filter, const struct pipes *pipes);

/* Work on what comes, until nothing does. */
bool filter_all(const struct pipes *pipes);

/* Show, save and free what comes, until nothing does. */
bool view_all(const struct job *job, shs_pid filter, const struct pipes *pipes);

/* A handle through a pipe; false at its end. */
bool send_handle(int pipe, shs_handle handle);
bool receive_handle(int pipe, shs_handle *handle);

/* Say what went wrong, if anything did. */
bool went_well(const char *what, shs_status status);

/* Of viewer.c's helpers: the frame on a terminal, in half blocks; and as a picture in a file. */
void terminal_show(const uint8_t *frame);
bool picture_save(const uint8_t *frame, const char *path);

#endif
