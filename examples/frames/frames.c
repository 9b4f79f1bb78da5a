/*
 * frames [COUNT [FOLDER]]: start a producer and a viewer, and be the filter between them, for COUNT frames; their
 * pictures are saved in FOLDER. On a terminal, they are shown. What is done a second is told on the way, and at the
 * end.
 *
 * The children are forked before the library is used. All blocks live in the filter, whose pid they know.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"

#define COUNT_MOST 1000000

bool went_well(const char *what, shs_status status) {
    if (status != SHS_OK) fprintf(stderr, "frames: %s: %s\n", what, shs_status_text(status));
    return status == SHS_OK;
}

bool send_handle(int pipe, shs_handle handle) { return write(pipe, &handle, sizeof handle) == (ssize_t)sizeof handle; }

bool receive_handle(int pipe, shs_handle *handle) {
    return read(pipe, handle, sizeof *handle) == (ssize_t)sizeof *handle;
}

enum { DRAWN, FILTERED, FREED, PIPES };

/* All but its own ends are closed: the end of a pipe is the end of what comes. */
static struct pipes keep_ends(int ends[PIPES][2], int in, int out, int freed) {
    for (int i = 0; i < PIPES; i++) {
        for (int side = 0; side < 2; side++) {
            const int end = ends[i][side];
            if (end != in && end != out && end != freed) (void)close(end);
        }
    }
    return (struct pipes){ in, out, freed };
}

static int be_viewer(int ends[PIPES][2], const struct job *job, shs_pid filter) {
    const struct pipes pipes = keep_ends(ends, ends[FILTERED][0], -1, ends[FREED][1]);
    const bool well = view_all(job, filter, &pipes);
    shs_stop();
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int be_producer(int ends[PIPES][2], const struct job *job, shs_pid filter) {
    const struct pipes pipes = keep_ends(ends, -1, ends[DRAWN][1], ends[FREED][0]);
    const bool well = produce(job, filter, &pipes);
    shs_stop();
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* In a child: the end of the process. */
static pid_t start(int (*be)(int ends[PIPES][2], const struct job *job, shs_pid filter), int ends[PIPES][2],
                   const struct job *job) {
    const shs_pid filter = (shs_pid)getpid();
    const pid_t child = fork();
    if (child == 0) exit(be(ends, job, filter));
    return child;
}

static bool ended_well(pid_t child) {
    int status = 1;
    return waitpid(child, &status, 0) == child && status == 0;
}

/* Its blocks are there until the viewer has freed them. */
static bool be_filter(int ends[PIPES][2], pid_t producer, pid_t viewer) {
    const struct pipes pipes = keep_ends(ends, ends[DRAWN][0], ends[FILTERED][1], -1);
    size_t left = 0;
    bool well = went_well("start", shs_start(NULL)) && filter_all(&pipes);
    (void)close(pipes.out);
    well = ended_well(producer) && ended_well(viewer) && well;
    well = went_well("list", shs_list(shs_self(), NULL, 0, &left)) && left == 0 && well;
    shs_stop();
    return well;
}

static bool read_count(const char *text, unsigned *count) {
    char *end;
    const long number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || number < 1 || number > COUNT_MOST) return false;
    *count = (unsigned)number;
    return true;
}

int main(int argc, char **argv) {
    struct job job = { 300, argc > 2 ? argv[2] : NULL };
    int ends[PIPES][2];
    if (argc > 3 || (argc > 1 && !read_count(argv[1], &job.count))) {
        fprintf(stderr, "usage: frames [COUNT [FOLDER]], with a COUNT of 1 to %d\n", COUNT_MOST);
        return 2;
    }
    for (int i = 0; i < PIPES; i++) {
        if (pipe(ends[i]) != 0) return EXIT_FAILURE;
    }
    const pid_t producer = start(be_producer, ends, &job), viewer = start(be_viewer, ends, &job);
    if (producer < 0 || viewer < 0) return EXIT_FAILURE;
    return be_filter(ends, producer, viewer) ? EXIT_SUCCESS : EXIT_FAILURE;
}
