/*
 * The descriptors that the library keeps open. See fd_tracking.h.
 */
#include "os/fd_tracking.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/errno_status.h"

#define DESCRIPTORS_MOST (1 << 18) /* larger numbers are close-on-exec, and not noted */

/* 0: not kept; otherwise a mark of the file behind it, by which it is known again. */
static _Atomic uint32_t kept[DESCRIPTORS_MOST];
static atomic_int highest = -1;

static uint32_t mark_of(int fd) {
    struct stat about;
    if (fstat(fd, &about) != 0) return 0;
    const uint64_t inode = about.st_ino;
    return ((uint32_t)inode ^ (uint32_t)(inode >> 32) ^ ((uint32_t)about.st_dev << 16)) | UINT32_C(1) << 31;
}

bool shs__fd_prepare(int fd) {
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

int shs__fd_track(int opened) {
    const int fd = move_up(opened);
    if (fd < 0 || fd >= DESCRIPTORS_MOST) return fd;
    int seen = atomic_load(&highest);
    while (seen < fd && !atomic_compare_exchange_weak(&highest, &seen, fd)) {
    }
    atomic_store(&kept[fd], mark_of(fd));
    return fd;
}

bool shs__fd_is_ours(int fd) {
    if (fd < 0 || fd >= DESCRIPTORS_MOST) return fd >= 0;
    const uint32_t mark = atomic_load(&kept[fd]);
    return mark != 0 && mark == mark_of(fd);
}

shs_status shs__fd_duplicate(int fd, int *copy) {
    if (!shs__fd_is_ours(fd)) return shs__status_from_errno(EBADF);
    const int made = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (made < 0) return shs__status_from_errno(errno);
    *copy = made;
    return SHS_OK;
}

void shs__fd_close(int fd) {
    if (fd < 0) return;
    const uint32_t mark = fd < DESCRIPTORS_MOST ? atomic_exchange(&kept[fd], 0) : 0;
    if (mark == 0 || mark == mark_of(fd)) (void)close(fd);
}

void shs__fd_hang_up(int fd) {
    if (shs__fd_is_ours(fd)) (void)shutdown(fd, SHUT_RDWR);
    shs__fd_close(fd);
}

void shs__fd_close_inherited(void) {
    const int last = atomic_exchange(&highest, -1);
    for (int fd = 0; fd <= last; fd++) {
        if (atomic_load(&kept[fd]) != 0) shs__fd_close(fd);
    }
}
