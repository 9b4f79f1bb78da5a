/*
 * The liveness word, on Linux: the robust futex protocol. See liveness.h.
 *
 * A thread tells the kernel of the futex words that it holds; when it dies, or its process execs, the kernel marks them
 * before the process can be reaped. The list is the thread's only one, and the C library has one for every thread: so
 * this is done in the service thread alone, which holds no robust mutex of anybody.
 */
#include "os/liveness.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the kernel reads: a list with no entry but the one that is "being taken" for good. */
static struct robust_list_head held;

void shs__liveness_hold(_Atomic uint32_t *word) {
    const uint32_t thread = (uint32_t)syscall(SYS_gettid);
    held.list.next = &held.list;
    held.futex_offset = 0;
    held.list_op_pending = (struct robust_list *)(void *)(uintptr_t)word;
    if (syscall(SYS_set_robust_list, &held, sizeof held) == 0) atomic_store(word, thread);
}

void shs__liveness_drop(_Atomic uint32_t *word) {
    atomic_store(word, 0);
    held.list_op_pending = NULL;
}

bool shs__liveness_is_held(const _Atomic uint32_t *word) {
    const uint32_t seen = atomic_load_explicit(word, memory_order_acquire);
    return (seen & FUTEX_TID_MASK) != 0 && (seen & FUTEX_OWNER_DIED) == 0;
}

bool shs__liveness_has_ended(const _Atomic uint32_t *word) {
    return (atomic_load_explicit(word, memory_order_acquire) & FUTEX_OWNER_DIED) != 0;
}
