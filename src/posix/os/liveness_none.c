/*
 * Systems that tell nobody of a thread's death: the word holds the pid of its process, and who wants to know asks the
 * system for that. So it is never known to be held, only to have ended. See liveness.h.
 */
#include "os/liveness.h"

#include <unistd.h>

#include "os/process_info.h"

void shs__liveness_hold(_Atomic uint32_t *word) { atomic_store(word, (uint32_t)getpid()); }

void shs__liveness_drop(_Atomic uint32_t *word) { atomic_store(word, 0); }

bool shs__liveness_is_held(const _Atomic uint32_t *word) {
    (void)word;
    return false;
}

bool shs__liveness_has_ended(const _Atomic uint32_t *word) {
    const uint32_t pid = atomic_load_explicit(word, memory_order_acquire);
    return pid != 0 && !shs__process_info_get(pid).lives;
}
