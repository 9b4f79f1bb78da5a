/*
 * From errno to a status. See errno_status.h.
 *
 * Only what a caller can act on gets a status of its own; all else is SHS_E_SYSTEM, and shs_native_error() tells.
 */
#include "os/errno_status.h"

#include <errno.h>

shs_status shs__status_from_errno(int error) {
    switch (error) {
        case ENOMEM:
        case ENOSPC:
        case EDQUOT:
            return shs__backend_error(SHS_E_NO_MEMORY, error);
        case EMFILE:
        case ENFILE:
        case EFBIG:
        case ETOOMANYREFS:
        case EAGAIN: /* of threads, or of memory that is locked; sockets that do not wait ask for it themselves */
            return shs__backend_error(SHS_E_LIMIT, error);
        case ETIMEDOUT:
            return shs__backend_error(SHS_E_TIMEOUT, error);
        case EPROTO:
            return shs__backend_error(SHS_E_PROTOCOL, error);
        case ESRCH:
            return shs__backend_error(SHS_E_NO_PROCESS, error);
        case EFAULT:
            return shs__backend_error(SHS_E_ARGUMENT, error);
        default:
            return shs__backend_error(SHS_E_SYSTEM, error);
    }
}

shs_status shs__status_from_peer_errno(int error) {
    return error == EACCES || error == EPERM ? shs__backend_error(SHS_E_ACCESS, error) : shs__status_from_errno(error);
}

shs_status shs__status_from_dir_errno(int error) {
    const shs_status status = shs__status_from_errno(error);
    return status == SHS_E_NO_MEMORY || status == SHS_E_LIMIT ? status : shs__backend_error(SHS_E_RUNTIME_DIR, error);
}
