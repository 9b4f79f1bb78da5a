/*
 * From errno to a status: the one place where the POSIX backend decides what a refusal of the system means to a caller.
 */
#ifndef SHSHARED_POSIX_FAILURE_H
#define SHSHARED_POSIX_FAILURE_H

#include "backend.h"

/* The status for an errno value, kept for shs_native_error(). */
shs_status failure(int error);

/* A failure that is not the system's: nothing to keep. That it returns status is written so that analyzers see it. */
static inline shs_status refusal(shs_status status) {
    (void)backend_error(status, 0);
    return status;
}

#endif
