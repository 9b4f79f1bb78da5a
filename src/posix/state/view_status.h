/*
 * What the steps of block/view_count.h mean to a caller.
 */
#ifndef SHSHARED_STATE_VIEW_STATUS_H
#define SHSHARED_STATE_VIEW_STATUS_H

#include "block/view_count.h"
#include "os/errno_status.h"

static inline shs_status view_status(enum view_result result) {
    switch (result) {
        case VIEW_DONE:
            return SHS_OK;
        case VIEW_READ_ONLY:
            return status_local(SHS_E_READ_ONLY);
        case VIEW_TOO_MANY:
            return status_local(SHS_E_LIMIT);
        case VIEW_NONSENSE:
            return status_local(SHS_E_PROTOCOL);
        case VIEW_STALE:
        case VIEW_WANTS_READING: /* the caller maps it, and tries again */
            break;
    }
    return status_local(SHS_E_HANDLE);
}

#endif
