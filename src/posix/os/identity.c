/*
 * Whose this process is. See identity.h.
 */
#include "os/identity.h"

#include <stdatomic.h>

#include "os/process_info.h"

#define TAKEN (UINT64_C(1) << 32)

static _Atomic uint64_t taken; /* the user, and TAKEN; 0: none was */

bool shs__identity_take(void) {
    const struct process_users users = shs__process_info_users();
    if (!users.is_mapped) return false;
    atomic_store(&taken, TAKEN | users.effective);
    return users.real == users.effective && users.saved == users.effective;
}

uint32_t shs__identity_user(void) {
    const uint64_t known = atomic_load(&taken);
    return known != 0 ? (uint32_t)known : shs__process_info_users().effective;
}

enum identity shs__identity_now(void) {
    const struct process_users users = shs__process_info_users();
    const uint32_t user = shs__identity_user();
    if (!users.is_mapped) return IDENTITY_LEFT;
    if (users.effective == user) return IDENTITY_KEPT;
    return users.real == user || users.saved == user ? IDENTITY_LEFT : IDENTITY_LOST;
}
