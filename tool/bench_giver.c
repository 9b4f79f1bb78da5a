/*
 * bench: the giver, and the beginning and end of the pair. See bench.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define PATIENCE_S 10 /* for one answer: the taker may have been stopped */

static bool tell(int channel, struct told *told, int fd) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = { .iov_base = told, .iov_len = sizeof *told };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    memset(&control, 0, sizeof control);
    message.msg_control = control.space;
    message.msg_controllen = sizeof control.space;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(channel, &message, 0) == (ssize_t)sizeof *told;
}

static bool is_read(const struct pair *pair, size_t size) {
    uint64_t sum = 0;
    return bench_read(pair->channel, &sum, sizeof sum) && sum == bench_sum(pair->bytes, size);
}

static bool give_block(const struct pair *pair, struct told *told) {
    return shs_alloc(pair->bytes, (size_t)told->size, (shs_pid)pair->taker, &told->handle) == SHS_OK &&
           bench_write(pair->channel, told, sizeof *told);
}

/* The object is kept until it was read: a system may lose what is closed on its way (macOS). */
static bool pass_object(const struct pair *pair, struct told *told) {
    const size_t size = (size_t)told->size;
    const int fd = bench_object(size);
    void *view = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    bool done = view != MAP_FAILED;
    if (done) {
        memcpy(view, pair->bytes, size);
        done = tell(pair->channel, told, fd);
        (void)munmap(view, size);
    }
    done = done && is_read(pair, size);
    if (fd >= 0) (void)close(fd);
    return done;
}

static bool call(const struct pair *pair, size_t size) {
    const shs_pid owner = (shs_pid)pair->taker;
    shs_handle handle = 0;
    void *view = NULL;
    if (shs_alloc(pair->bytes, size, owner, &handle) != SHS_OK) return false;
    const bool seen = shs_lock(handle, owner, SHS_READ, &view, NULL) == SHS_OK && shs_unlock(view) == SHS_OK;
    return shs_free(handle, owner) == SHS_OK && seen;
}

bool bench_cycle(struct pair *pair, enum way way, size_t size) {
    struct told told = { .way = (uint32_t)way, .size = size };
    if (way == WAY_CALLS) return call(pair, size);
    if (way == WAY_BLOCK) return give_block(pair, &told) && is_read(pair, size);
    if (way == WAY_OBJECT) return pass_object(pair, &told);
    return bench_write(pair->channel, &told, sizeof told) && bench_write(pair->channel, pair->bytes, size) &&
           is_read(pair, size);
}

static bool fork_taker(struct pair *pair, size_t most) {
    int ends[2];
    const struct timeval patience = { .tv_sec = PATIENCE_S };
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return false;
    pair->taker = fork();
    if (pair->taker == 0) {
        (void)close(ends[0]);
        free(pair->bytes);
        bench_take(ends[1], most);
        _exit(0);
    }
    (void)close(ends[1]);
    if (pair->taker < 0) {
        (void)close(ends[0]);
        return false;
    }
    pair->channel = ends[0];
    (void)setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return true;
}

bool bench_begin(struct pair *pair, size_t most) {
    shs_status status = SHS_OK;
    *pair = (struct pair){ .channel = -1, .most = most, .bytes = malloc(most) };
    if (pair->bytes == NULL) return false;
    for (size_t i = 0; i < most; i++)
        pair->bytes[i] = (unsigned char)(i * 31 + i / 251);
    return fork_taker(pair, most) && bench_read(pair->channel, &status, sizeof status) && status == SHS_OK;
}

/* The end of what it is told ends the taker, and that ends what it says. */
static void let_go(int channel) {
    char left[64];
    (void)shutdown(channel, SHUT_WR);
    while (read(channel, left, sizeof left) > 0)
        continue;
}

void bench_end(struct pair *pair) {
    free(pair->bytes);
    if (pair->taker <= 0) return;
    let_go(pair->channel);
    (void)close(pair->channel);
    (void)kill(pair->taker, SIGKILL); /* it has ended, unless it was stopped */
    while (waitpid(pair->taker, NULL, 0) < 0 && errno == EINTR)
        continue;
}
