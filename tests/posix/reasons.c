/*
 * From errno to a status: what a caller can act on has one of its own, and the system's word is kept. The program's own
 * errno is left as it was.
 */
#include <errno.h>

#include "posix/os/errno_status.h"
#include "support/actor.h"
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

/* ---- what the program has of it ---- */

/* The status of a call comes first, as errno is looked at behind it. */
static void left_errno(shs_status expected, shs_status status) {
    const int left = errno;
    CHECK_STATUS(expected, status);
    CHECK_NUMBER(ERANGE, (uint64_t)left);
    errno = ERANGE;
}

/* Whatever a call tried on its way, and also where it came to its end. */
static void errno_is_left_as_it_was(void) {
    struct child *other = actor_start_attached(), *absent = actor_start();
    const shs_pid pid = child_pid(other);
    shs_handle handle = 0, second = 0;
    size_t count = 0;
    errno = ERANGE;
    left_errno(SHS_OK, shs_start(NULL));
    left_errno(SHS_OK, shs_self() != 0 ? SHS_OK : SHS_E_SYSTEM);
    left_errno(SHS_E_TIMEOUT, shs_wait(child_pid(absent), 1));
    left_errno(SHS_OK, shs_wait(pid, 60000));
    left_errno(SHS_OK, shs_alloc("x", 1, pid, &handle));
    left_errno(SHS_OK, shs_map_handle(handle, pid, shs_self(), SHS_READ_WRITE, &second));
    left_errno(SHS_OK, shs_list(pid, NULL, 0, &count));
    left_errno(SHS_OK, shs_probe(pid));
    left_errno(SHS_OK, shs_free(second, shs_self()));
    left_errno(SHS_OK, shs_free(handle, pid));
    left_errno(SHS_OK, (shs_stop(), SHS_OK));
    actor_end(absent);
    actor_end(other);
}

static const struct test tests[] = {
    { "every reason of the system has its status", every_reason_has_its_status },
    { "errno is left as it was", errno_is_left_as_it_was },
};

SUITE("reasons", tests)
