/*
 * From errno to a status: what a caller can act on has one of its own, and the system's word is kept.
 */
#include <errno.h>

#include "posix/os/errno_status.h"
#include "support/suite.h"

static const struct {
    int error;
    shs_status any, peer, dir; /* of a call to the system; about a peer; about the folder */
} reasons[] = {
    { ENOMEM, SHS_E_NO_MEMORY, SHS_E_NO_MEMORY, SHS_E_NO_MEMORY },
    { ENOSPC, SHS_E_NO_MEMORY, SHS_E_NO_MEMORY, SHS_E_NO_MEMORY },
    { EDQUOT, SHS_E_NO_MEMORY, SHS_E_NO_MEMORY, SHS_E_NO_MEMORY },
    { EMFILE, SHS_E_LIMIT, SHS_E_LIMIT, SHS_E_LIMIT },
    { ENFILE, SHS_E_LIMIT, SHS_E_LIMIT, SHS_E_LIMIT },
    { EFBIG, SHS_E_LIMIT, SHS_E_LIMIT, SHS_E_LIMIT },
    { ETOOMANYREFS, SHS_E_LIMIT, SHS_E_LIMIT, SHS_E_LIMIT },
    { EAGAIN, SHS_E_LIMIT, SHS_E_LIMIT, SHS_E_LIMIT },
    { ETIMEDOUT, SHS_E_TIMEOUT, SHS_E_TIMEOUT, SHS_E_RUNTIME_DIR },
    { EPROTO, SHS_E_PROTOCOL, SHS_E_PROTOCOL, SHS_E_RUNTIME_DIR },
    { ESRCH, SHS_E_NO_PROCESS, SHS_E_NO_PROCESS, SHS_E_RUNTIME_DIR },
    { EACCES, SHS_E_SYSTEM, SHS_E_ACCESS, SHS_E_RUNTIME_DIR },
    { EPERM, SHS_E_SYSTEM, SHS_E_ACCESS, SHS_E_RUNTIME_DIR },
    { EFAULT, SHS_E_ARGUMENT, SHS_E_ARGUMENT, SHS_E_RUNTIME_DIR },
    { EIO, SHS_E_SYSTEM, SHS_E_SYSTEM, SHS_E_RUNTIME_DIR },
};

static void check(shs_status expected, shs_status actual, int error) {
    CHECK_STATUS(expected, actual);
    CHECK_NUMBER((uint64_t)error, (uint64_t)shs_native_error());
}

static void every_reason_has_its_status(void) {
    for (size_t i = 0; i < LENGTH(reasons); i++) {
        const int error = reasons[i].error;
        check(reasons[i].any, shs__status_from_errno(error), error);
        check(reasons[i].peer, shs__status_from_peer_errno(error), error);
        check(reasons[i].dir, shs__status_from_dir_errno(error), error);
    }
}

static const struct test tests[] = {
    { "every reason of the system has its status", every_reason_has_its_status },
};

SUITE("reasons", tests)
