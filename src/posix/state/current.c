/*
 * The context of this process. See current.h.
 */
#include "state/current.h"

#include <sys/mman.h>
#include <unistd.h>

#include "os/wipe_on_fork.h"

_Atomic(struct current_page *) shs__current_page;

struct current_page *shs__current_open(void) {
    struct current_page *page = atomic_load(&shs__current_page);
    if (page != NULL) return page;
    const size_t size = (size_t)sysconf(_SC_PAGESIZE);
    struct current_page *made = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) return NULL;
    if (!shs__wipe_on_fork(made, size)) atomic_store(&made->pid, (uint32_t)getpid());
    if (atomic_compare_exchange_strong(&shs__current_page, &page, made)) return made;
    (void)munmap(made, size);
    return page;
}

void shs__current_compare(struct current_page *page) {
    uint32_t known = atomic_load(&page->pid);
    const uint32_t own = (uint32_t)getpid();
    if (known == own) return;
    atomic_store(&page->context, NULL);
    atomic_store(&page->birth, 0);
    atomic_store(&page->pid, own);
}
