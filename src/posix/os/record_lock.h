/*
 * Record locks (F_SETLK) as proof of life: such a lock is held by a process on a file and gone with it, and the kernel
 * names its holder. Used by ipc/endpoint.c.
 */
#ifndef SHSHARED_OS_RECORD_LOCK_H
#define SHSHARED_OS_RECORD_LOCK_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

/* Take the lock, without waiting. False when another process has it. */
static inline bool record_lock_take(int fd) {
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    return fcntl(fd, F_SETLK, &whole) == 0;
}

/* The pid of the other process that holds the lock; 0 when none does. Whoever may only read the file could hold no
 * more than a lock for reading, which proves nothing. */
static inline uint32_t record_lock_holder(int fd) {
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (fcntl(fd, F_GETLK, &whole) != 0 || whole.l_type != F_WRLCK || whole.l_pid <= 0) return 0;
    return (uint32_t)whole.l_pid;
}

#endif
