/*
 * The statuses that the header names for each function, as far as they can be true in a scene: its arguments are right,
 * its handles and views are valid, and only who died is no process. A free whose response was lost is made again, and
 * then hears that there is no such block, which is true by then. See scenes.h.
 */
#include <errno.h>

#include "scenes.h"

#define BIT(status) (1u << -(status))
#define ANY_PEER                                                                                                  \
    (BIT(SHS_E_NOT_ATTACHED) | BIT(SHS_E_ACCESS) | BIT(SHS_E_NO_MEMORY) | BIT(SHS_E_LIMIT) | BIT(SHS_E_TIMEOUT) | \
     BIT(SHS_E_PROTOCOL) | BIT(SHS_E_SYSTEM))
#define ANY_START                                                                                                    \
    (BIT(SHS_E_ACCESS) | BIT(SHS_E_RUNTIME_DIR) | BIT(SHS_E_UNSUPPORTED) | BIT(SHS_E_NO_MEMORY) | BIT(SHS_E_LIMIT) | \
     BIT(SHS_E_SYSTEM))

static const struct {
    const char *name;
    uint32_t documented;
} functions[ACTION_COUNT] = {
    [START] = { "shs_start", ANY_START },
    [STOP] = { "shs_stop", 0 },
    [SELF] = { "shs_self", 0 },
    [ALLOC] = { "shs_alloc", ANY_PEER | BIT(SHS_E_UNSUPPORTED) },
    [FILL] = { "shs_alloc_locked", ANY_PEER | BIT(SHS_E_UNSUPPORTED) },
    [LOCK] = { "shs_lock", ANY_PEER | BIT(SHS_E_UNSUPPORTED) },
    [VIEW_SIZE] = { "shs_view_size", 0 },
    [UNLOCK] = { "shs_unlock", 0 },
    [FREE] = { "shs_free", ANY_PEER | BIT(SHS_E_HANDLE) },
    [MAP] = { "shs_map_handle", ANY_PEER | BIT(SHS_E_UNSUPPORTED) },
    [PROBE] = { "shs_probe", ANY_PEER },
    [WAIT] = { "shs_wait", ANY_PEER & ~BIT(SHS_E_NOT_ATTACHED) },
    [LIST] = { "shs_list", ANY_PEER },
    [FORK] = { "fork", 0 },
    [DIE] = { "death", 0 },
};

const char *action_name(enum action action) { return functions[action].name; }

/* Who hears that there is no such process says so. */
bool is_documented(enum action action, shs_status status, int error) {
    if (status == SHS_OK) return true;
    if (status > 0 || status < SHS_E_RUNTIME_DIR) return false;
    if (status == SHS_E_NO_PROCESS && error == ESRCH) return functions[action].documented != 0;
    return (functions[action].documented & BIT(status)) != 0;
}
