/*
 * Peer: a pool that both processes keep, and POSIX message queues that carry offsets into it. The giver copies into an
 * idle piece and queues its offset; the taker reads the piece and queues it back. What real-time programs write by
 * hand: no system call makes or maps anything, but both know the pool beforehand, its pieces have one size, and a piece
 * that a process has when it dies is lost.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

#define PIECES ((size_t)4)

static char *pool;
static size_t piece_size;
static mqd_t filled[CROWD_MOST]; /* for each giver, who has pieces of its own */
static mqd_t emptied[CROWD_MOST];
static uint64_t
    idle[PIECES]; /* what the giver may fill; the last one freed is the first one used, as it is in the cache */
static size_t idle_count;

static mqd_t make_queue(const char *purpose) {
    char name[48];
    snprintf(name, sizeof name, "/bench-%s-%ld", purpose, (long)getpid());
    struct mq_attr shape = { .mq_maxmsg = PIECES, .mq_msgsize = sizeof(uint64_t) };
    const mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &shape);
    if (queue == (mqd_t)-1) fail("mq_open");
    mq_unlink(name);
    return queue;
}

static void make_pool(size_t largest) {
    for (unsigned i = 0; i < bench_crowd.givers; i++) {
        filled[i] = make_queue("filled");
        emptied[i] = make_queue("emptied");
    }
    piece_size = largest;
    pool = mmap(NULL, bench_crowd.givers * PIECES * largest, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pool == MAP_FAILED) fail("mmap");
    for (; idle_count < PIECES; idle_count++)
        idle[idle_count] = idle_count * largest;
}

static char *piece(uint64_t offset) { return pool + bench_crowd.giver * PIECES * piece_size + offset; }

static void put(mqd_t queue, uint64_t offset) {
    if (mq_send(queue, (const char *)&offset, sizeof offset, 0) != 0) fail("mq_send");
}

static uint64_t get(mqd_t queue) {
    uint64_t offset = 0;
    if (mq_receive(queue, (char *)&offset, sizeof offset, NULL) != (ssize_t)sizeof offset) fail("mq_receive");
    return offset;
}

static void give_piece(const void *data, size_t size, struct letter *letter) {
    (void)letter;
    if (idle_count == 0) fail("no piece is idle");
    const uint64_t offset = idle[--idle_count];
    memcpy(piece(offset), data, size);
    put(filled[bench_crowd.giver], offset);
}

static uint64_t take_piece(const struct letter *letter) {
    const uint64_t offset = get(filled[bench_crowd.giver]);
    const uint64_t sum = sum_words(piece(offset), letter->size);
    put(emptied[bench_crowd.giver], offset);
    return sum;
}

static void reuse_piece(const struct letter *letter) {
    (void)letter;
    idle[idle_count++] = get(emptied[bench_crowd.giver]);
}

const struct bench_peer bench_peer = {
    .prepare = make_pool, .give = give_piece, .take = take_piece, .settle = reuse_piece
};
