/*
 * Floor: the bytes themselves through a POSIX message queue, in messages of the size that an unprivileged process may
 * use by default. No memory is shared; the taker keeps a buffer for what it reads.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

#define MESSAGE_SIZE 8192
#define MESSAGES 10

static mqd_t queue;
static char *buffer;

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void make_queue(size_t largest) {
    (void)largest;
    char name[32];
    snprintf(name, sizeof name, "/bench-%ld", (long)getpid());
    struct mq_attr shape = { .mq_maxmsg = MESSAGES, .mq_msgsize = MESSAGE_SIZE };
    queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &shape);
    if (queue == (mqd_t)-1) fail("mq_open");
    mq_unlink(name);
}

static void make_buffer(enum role role, uint32_t other, size_t largest) {
    (void)other;
    if (role == TAKER) buffer = filled_memory(largest + MESSAGE_SIZE);
}

static void name_nothing(const void *data, size_t size, struct letter *letter) {
    (void)data;
    (void)size;
    (void)letter;
}

static void send_messages(const void *data, size_t size) {
    for (size_t done = 0; done < size; done += MESSAGE_SIZE) {
        if (mq_send(queue, (const char *)data + done, smaller(size - done, MESSAGE_SIZE), 0) != 0) fail("mq_send");
    }
}

static uint64_t receive_messages(const struct letter *letter) {
    for (size_t done = 0; done < letter->size; done += MESSAGE_SIZE) {
        if (mq_receive(queue, buffer + done, MESSAGE_SIZE, NULL) < 0) fail("mq_receive");
    }
    return sum_words(buffer, letter->size);
}

const struct bench_peer bench_peer = {
    .prepare = make_queue, .enter = make_buffer, .give = name_nothing, .pour = send_messages, .take = receive_messages
};
