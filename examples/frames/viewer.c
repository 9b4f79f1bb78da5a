/*
 * The viewer: looks at the frames in the filter's memory, shows and saves them, and frees them there.
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"

#define TELL_EVERY 100 /* frames */

static double seconds_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell_throughput(unsigned frames, double seconds) {
    fprintf(stderr, "%u frames, %.0f a second, %.0f MiB a second, no byte copied\n", frames, frames / seconds,
            frames * (double)FRAME_SIZE / (1 << 20) / seconds);
}

static bool save(const struct job *job, const uint8_t *frame, unsigned number) {
    char path[1024];
    if (job->save == NULL) return true;
    if (snprintf(path, sizeof path, "%s/frame-%03u.png", job->save, number) >= (int)sizeof path) return false;
    return picture_save(frame, path);
}

static bool view_one(const struct job *job, shs_handle handle, shs_pid filter, unsigned number) {
    void *frame;
    if (!went_well("lock", shs_lock(handle, filter, SHS_READ, &frame, NULL))) return false;
    if (isatty(STDOUT_FILENO)) terminal_show(frame);
    const bool saved = save(job, frame, number);
    return went_well("unlock", shs_unlock(frame)) && went_well("free", shs_free(handle, filter)) && saved;
}

bool view_all(const struct job *job, shs_pid filter, const struct pipes *pipes) {
    const double began = seconds_now();
    unsigned frames = 0;
    for (shs_handle handle; receive_handle(pipes->in, &handle); frames++) {
        if (!view_one(job, handle, filter, frames)) return false;
        if (write(pipes->freed, "", 1) != 1) return false;
        if ((frames + 1) % TELL_EVERY == 0 && frames + 1 < job->count)
            tell_throughput(frames + 1, seconds_now() - began);
    }
    tell_throughput(frames, seconds_now() - began);
    return frames == job->count;
}
