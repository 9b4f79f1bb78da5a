/*
 * From errno to a status: the one place where the POSIX backend decides what a refusal of the system means to a caller.
 * Used wherever a system call may fail.
 */
#ifndef SHSHARED_OS_ERRNO_STATUS_H
#define SHSHARED_OS_ERRNO_STATUS_H

#include "status.h"

/* The status for an errno value, kept for shs_native_error(). */
shs_status shs__status_from_errno(int error);

/* The same, of what belongs to another process: denied, it is another user's. */
shs_status shs__status_from_peer_errno(int error);

/* The same, of the folder of endpoints: SHS_E_RUNTIME_DIR, unless memory or descriptors are short for a while. */
shs_status shs__status_from_dir_errno(int error);

/* A failure that is not the system's: nothing to keep. That it returns status is written so that analyzers see it. */
static inline shs_status status_local(shs_status status) {
    (void)shs__backend_error(status, 0);
    return status;
}

#endif
