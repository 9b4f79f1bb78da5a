/*
 * The context of this process: a pointer that a fork sets back to NULL. This is how the library learns that it is in a
 * new process.
 *
 * It lives in a page that the kernel wipes in every child, however it was made (fork or a raw clone), and is read by
 * every call before any lock is taken: a lock of the parent may be held for ever in the child. Where the kernel cannot
 * wipe pages, the pid is compared. The page is never freed.
 */
#ifndef SHSHARED_STATE_CURRENT_H
#define SHSHARED_STATE_CURRENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct context;

struct current_page {
    _Atomic(struct context *) context;
    _Atomic uint32_t birth; /* 1: a thread of this process is making the context */
    _Atomic uint32_t pid;   /* whose page this is, where it is not wiped; else 0 */
};

/* The page of this process, made at the first call; NULL when there is no memory for it. */
struct current_page *shs__current_open(void);

extern _Atomic(struct current_page *) shs__current_page;

/* Set everything back when the pid has changed: the way of systems that cannot wipe. */
void shs__current_compare(struct current_page *page);

/* The context of this process; NULL in a process that has none yet. Two loads. */
static inline struct context *current_context(void) {
    struct current_page *page = atomic_load_explicit(&shs__current_page, memory_order_acquire);
    if (page == NULL) return NULL;
    if (atomic_load_explicit(&page->pid, memory_order_relaxed) != 0) shs__current_compare(page);
    return atomic_load_explicit(&page->context, memory_order_acquire);
}

#endif
