/*
 * Peer: System V shared memory, a segment for each block anew. The giver makes a private segment, attaches it, copies,
 * and detaches; its id travels in the letter; the taker attaches it, reads, detaches and removes it. A segment of which
 * the taker never hears stays until somebody removes it with ipcrm or the machine is started again.
 */
#define _XOPEN_SOURCE 700 /* shmget */
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "peer.h"
#include "support.h"

static void *attach(int segment, int flags) {
    void *view = shmat(segment, NULL, flags);
    if (view == (void *)-1) fail("shmat");
    return view;
}

static void give_segment(const void *data, size_t size, struct letter *letter) {
    const int segment = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    if (segment < 0) fail("shmget");
    void *view = attach(segment, 0);
    memcpy(view, data, size);
    shmdt(view);
    letter->handle = (uint64_t)segment;
}

static uint64_t take_segment(const struct letter *letter) {
    const int segment = (int)letter->handle;
    void *view = attach(segment, SHM_RDONLY);
    const uint64_t sum = sum_words(view, letter->size);
    shmdt(view);
    if (shmctl(segment, IPC_RMID, NULL) != 0) fail("shmctl");
    return sum;
}

const struct bench_peer bench_peer = { .give = give_segment, .take = take_segment };
