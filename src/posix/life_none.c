/*
 * Systems that tell nobody of a thread's death: no life word is ever held. See life.h.
 */
#include "life.h"

void life_hold(_Atomic uint32_t *word) { atomic_store(word, 0); }

void life_drop(_Atomic uint32_t *word) { atomic_store(word, 0); }

bool life_is_held(const _Atomic uint32_t *word) {
    (void)word;
    return false;
}

bool life_has_ended(const _Atomic uint32_t *word) {
    (void)word;
    return false;
}
