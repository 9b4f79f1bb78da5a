/*
 * Systems that tell nobody of a thread's death: the word is never held and proves nothing, so the connection is asked.
 * See liveness.h.
 */
#include "os/liveness.h"

void shs__liveness_hold(_Atomic uint32_t *word) { (void)word; }

void shs__liveness_drop(_Atomic uint32_t *word) { (void)word; }

bool shs__liveness_is_held(const _Atomic uint32_t *word) {
    (void)word;
    return false;
}

bool shs__liveness_has_ended(const _Atomic uint32_t *word) {
    (void)word;
    return false;
}
