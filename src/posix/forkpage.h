/*
 * A pointer that a fork sets back to NULL: how the library learns that it is in a new process.
 *
 * It lives in a page that the kernel wipes in every child, however it was made (fork, vfork's successors, a raw clone),
 * and is read before any lock is taken: a lock of the parent may be held for ever in the child. Where the kernel cannot
 * wipe pages, the pid is compared.
 */
#ifndef SHSHARED_POSIX_FORKPAGE_H
#define SHSHARED_POSIX_FORKPAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

struct forkpage {
    _Atomic(struct world *) world;
    _Atomic uint32_t birth; /* 1: a thread of this process is making the world */
    _Atomic uint32_t pid;   /* whose page this is, where it is not wiped; else 0 */
};

/* The page of this process, made at the first call; NULL when there is no memory for it. */
struct forkpage *forkpage_open(void);

extern _Atomic(struct forkpage *) forkpage_kept;

/* Set everything back when the pid has changed: the way of systems that cannot wipe. */
void forkpage_compare(struct forkpage *page);

/* The world of this process; NULL in a process that has none yet. Two loads. */
static inline struct world *forkpage_world(void) {
    struct forkpage *page = atomic_load_explicit(&forkpage_kept, memory_order_acquire);
    if (page == NULL) return NULL;
    if (atomic_load_explicit(&page->pid, memory_order_relaxed) != 0) forkpage_compare(page);
    return atomic_load_explicit(&page->world, memory_order_acquire);
}

#endif
