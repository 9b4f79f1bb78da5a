/*
 * Record locks (F_SETLK) as proof of life: such a lock is held by a process on a file and gone with it, and the kernel
 * names its holder. It is on the first byte; on the second one, where the system has such locks, is one that is held by
 * an open file, and so by one of several in a process. Used by ipc/endpoint.c.
 */
#ifndef SHSHARED_OS_RECORD_LOCK_H
#define SHSHARED_OS_RECORD_LOCK_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

/* Take the lock, without waiting. False when another process has it. */
static inline bool record_lock_take(int fd) {
    struct flock first = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
    return fcntl(fd, F_SETLK, &first) == 0;
}

/* False when another open file has it, of this process or of one that inherited it. */
static inline bool record_lock_take_open_file(int fd) {
#ifdef F_OFD_SETLK
    struct flock second = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1, .l_len = 1 };
    return fcntl(fd, F_OFD_SETLK, &second) == 0 || (errno != EAGAIN && errno != EACCES);
#else
    return fd >= 0;
#endif
}

/* The pid of the other process that holds the lock; 0 when none does. Whoever may only read the file could hold no
 * more than a lock for reading, which proves nothing. */
static inline uint32_t record_lock_holder(int fd) {
    struct flock first = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
    if (fcntl(fd, F_GETLK, &first) != 0 || first.l_type != F_WRLCK || first.l_pid <= 0) return 0;
    return (uint32_t)first.l_pid;
}

#endif
