/*
 * Peer: the best sequence of raw system calls, for each block anew. A fresh memfd, filled with write() (twice as fast
 * as mmap and memcpy on pages that are not there yet), its descriptor sent beside the letter (SCM_RIGHTS), mapped by
 * the taker. The code that a Linux program writes by hand, without a library.
 */
#define _GNU_SOURCE /* memfd_create */
#include <sys/mman.h>
#include <unistd.h>

#include "descriptor.h"
#include "peer.h"
#include "support.h"

static void write_all(int object, const char *data, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t wrote = write(object, data + done, size - done);
        if (wrote <= 0) fail("write");
        done += (size_t)wrote;
    }
}

static void give_memfd(const void *data, size_t size, struct letter *letter) {
    const int object = memfd_create("bench", MFD_CLOEXEC);
    if (object < 0) fail("memfd_create");
    write_all(object, data, size);
    letter->descriptor = object;
}

const struct bench_peer bench_peer = { .give = give_memfd, .take = take_descriptor, .settle = close_descriptor };
