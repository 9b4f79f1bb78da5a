/*
 * The descriptors that the library keeps open. See descriptors.h.
 */
#include "descriptors.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#define DESCRIPTORS_MOST (1 << 20) /* larger numbers are close-on-exec, and not noted */
#define WORD_BITS 32

static _Atomic uint32_t kept[DESCRIPTORS_MOST / WORD_BITS];
static atomic_int highest = -1;

bool descriptor_prepare(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* A program that was started without standard streams shall not write its output to the library's files. */
static int move_up(int fd) {
    if (fd < 0 || fd > STDERR_FILENO) return fd;
    const int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (moved < 0) return fd;
    (void)close(fd);
    return moved;
}

int descriptor_keep(int opened) {
    const int fd = move_up(opened);
    if (fd < 0 || fd >= DESCRIPTORS_MOST) return fd;
    int seen = atomic_load(&highest);
    while (seen < fd && !atomic_compare_exchange_weak(&highest, &seen, fd)) {
    }
    atomic_fetch_or(&kept[fd / WORD_BITS], UINT32_C(1) << (fd % WORD_BITS));
    return fd;
}

void descriptor_close(int fd) {
    if (fd < 0) return;
    if (fd < DESCRIPTORS_MOST) atomic_fetch_and(&kept[fd / WORD_BITS], ~(UINT32_C(1) << (fd % WORD_BITS)));
    (void)close(fd);
}

void descriptors_abandon(void) {
    const int last = atomic_exchange(&highest, -1);
    for (int word = 0; last >= 0 && word <= last / WORD_BITS; word++) {
        uint32_t bits = atomic_exchange(&kept[word], 0);
        for (int fd = word * WORD_BITS; bits != 0; fd++, bits >>= 1) {
            if ((bits & 1u) != 0) (void)close(fd);
        }
    }
}
