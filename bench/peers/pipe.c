/*
 * Floor: the bytes themselves through a pipe, as large as the system lets a pipe be. No memory is shared; the kernel
 * copies twice, and the taker keeps a buffer for what it reads.
 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include <fcntl.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

#define PIPE_SIZE (1 << 20)

static int ends[2];
static char *buffer;

static void make_pipe(size_t largest) {
    (void)largest;
    if (pipe(ends) != 0) fail("pipe");
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* where it is refused, the pipe stays at its 64 KiB */
}

static void make_buffer(enum role role, uint32_t other, size_t largest) {
    (void)other;
    if (role == TAKER) buffer = filled_memory(largest);
}

static void name_nothing(const void *data, size_t size, struct letter *letter) {
    (void)data;
    (void)size;
    (void)letter;
}

static void write_pipe(const void *data, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t wrote = write(ends[1], (const char *)data + done, size - done);
        if (wrote <= 0) fail("write");
        done += (size_t)wrote;
    }
}

static uint64_t read_pipe(const struct letter *letter) {
    for (size_t done = 0; done < letter->size;) {
        const ssize_t got = read(ends[0], buffer + done, letter->size - done);
        if (got <= 0) fail("read");
        done += (size_t)got;
    }
    return sum_words(buffer, letter->size);
}

const struct bench_peer bench_peer = {
    .prepare = make_pipe, .enter = make_buffer, .give = name_nothing, .pour = write_pipe, .take = read_pipe
};
