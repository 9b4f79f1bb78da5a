/*
 * Floor: the bytes themselves through a Unix stream socket of their own, with as much room as the system grants. No
 * memory is shared; the kernel copies twice, and the taker keeps a buffer for what it reads. The letter goes first, so
 * the taker reads while the giver still writes, and each keeps one end, so that neither waits for one that has ended.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

#define ROOM (1 << 20)

static int ends[CROWD_MOST][2]; /* for each giver */
static char *buffer;

static void make_sockets(size_t largest) {
    (void)largest;
    const int room = ROOM;
    for (unsigned i = 0; i < bench_crowd.givers; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i]) != 0) fail("socketpair");
        /* Where less is granted, the socket has less. */
        (void)setsockopt(ends[i][GIVER], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    }
}

static void keep_own_ends(enum role role, uint32_t other, size_t largest) {
    (void)other;
    for (unsigned i = 0; i < bench_crowd.givers; i++) {
        if (role == GIVER) close(ends[i][TAKER]);
        if (role == TAKER || i != bench_crowd.giver) close(ends[i][GIVER]);
    }
    if (role == TAKER) buffer = filled_memory(largest);
}

static void name_nothing(const void *data, size_t size, struct letter *letter) {
    (void)data;
    (void)size;
    (void)letter;
}

static void send_bytes(const void *data, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t sent = send(ends[bench_crowd.giver][GIVER], (const char *)data + done, size - done, MSG_NOSIGNAL);
        if (sent <= 0) fail("send");
        done += (size_t)sent;
    }
}

static uint64_t receive_bytes(const struct letter *letter) {
    for (size_t done = 0; done < letter->size;) {
        const ssize_t got = recv(ends[bench_crowd.giver][TAKER], buffer + done, letter->size - done, 0);
        if (got <= 0) fail("recv");
        done += (size_t)got;
    }
    return sum_words(buffer, letter->size);
}

const struct bench_peer bench_peer = {
    .prepare = make_sockets, .enter = keep_own_ends, .give = name_nothing, .pour = send_bytes, .take = receive_bytes
};
