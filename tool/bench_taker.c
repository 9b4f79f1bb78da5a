/*
 * bench: the taker, a forked process. See bench.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

bool bench_write(int channel, const void *from, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t sent = write(channel, (const char *)from + done, size - done);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        done += (size_t)sent;
    }
    return true;
}

bool bench_read(int channel, void *to, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t got = read(channel, (char *)to + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return true;
}

uint64_t bench_sum(const unsigned char *bytes, size_t size) {
    uint64_t sum = 0, word = 0;
    for (size_t at = 0; at + sizeof word <= size; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        sum += word;
    }
    return sum;
}

/* What is told, and the descriptor that may come with it; -1: none did. */
static bool hear(int channel, struct told *told, int *fd) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = { .iov_base = told, .iov_len = sizeof *told };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    message.msg_control = control.space;
    message.msg_controllen = sizeof control.space;
    *fd = -1;
    const ssize_t got = recvmsg(channel, &message, 0);
    const struct cmsghdr *came = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (came != NULL && came->cmsg_type == SCM_RIGHTS) memcpy(fd, CMSG_DATA(came), sizeof *fd);
    return got > 0 && bench_read(channel, (char *)told + got, sizeof *told - (size_t)got);
}

static bool take_block(const struct told *told, uint64_t *sum) {
    void *view = NULL;
    size_t size = 0;
    if (shs_lock(told->handle, shs_self(), SHS_READ, &view, &size) != SHS_OK) return false;
    *sum = bench_sum(view, size);
    (void)shs_unlock(view);
    return shs_free(told->handle, shs_self()) == SHS_OK;
}

static bool take_object(int fd, size_t size, uint64_t *sum) {
    void *view = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0) (void)close(fd);
    if (view == MAP_FAILED) return false;
    *sum = bench_sum(view, size);
    return munmap(view, size) == 0;
}

static bool take(int channel, unsigned char *buffer, size_t most) {
    struct told told;
    uint64_t sum = 0;
    int fd = -1;
    bool done = false;
    if (!hear(channel, &told, &fd) || told.size > most) return false;
    if (told.way == WAY_BLOCK) {
        done = take_block(&told, &sum);
    } else if (told.way == WAY_OBJECT) {
        done = take_object(fd, (size_t)told.size, &sum);
    } else {
        done = bench_read(channel, buffer, (size_t)told.size);
        sum = bench_sum(buffer, (size_t)told.size);
    }
    return done && bench_write(channel, &sum, sizeof sum);
}

void bench_take(int channel, size_t most) {
    unsigned char *buffer = malloc(most);
    const shs_status status = shs_start(NULL);
    if (buffer != NULL && bench_write(channel, &status, sizeof status))
        while (take(channel, buffer, most))
            continue;
    free(buffer);
    shs_stop();
}
