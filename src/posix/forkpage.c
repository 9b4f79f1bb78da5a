/*
 * A pointer that a fork sets back to NULL. See forkpage.h.
 */
#include "forkpage.h"

#include <sys/mman.h>
#include <unistd.h>

#include "wipe.h"

_Atomic(struct forkpage *) forkpage_kept;

struct forkpage *forkpage_open(void) {
    struct forkpage *page = atomic_load(&forkpage_kept);
    if (page != NULL) return page;
    const size_t size = (size_t)sysconf(_SC_PAGESIZE);
    struct forkpage *made = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) return NULL;
    if (!wipe_on_fork(made, size)) atomic_store(&made->pid, (uint32_t)getpid());
    if (atomic_compare_exchange_strong(&forkpage_kept, &page, made)) return made;
    (void)munmap(made, size);
    return page;
}

void forkpage_compare(struct forkpage *page) {
    uint32_t known = atomic_load(&page->pid);
    const uint32_t own = (uint32_t)getpid();
    if (known == own) return;
    atomic_store(&page->world, NULL);
    atomic_store(&page->birth, 0);
    atomic_store(&page->pid, own);
}
