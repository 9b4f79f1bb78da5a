/*
 * The calls that fail. See inject.h.
 *
 * CMakeLists.txt makes a copy of the static library in which each function of calls.h has another name,
 * faulty_FUNCTION: those here. So the calls of the library alone are led here, and not those of the campaign or of the
 * C library. The parameters are the real ones as far as the machine sees them.
 */
#include "inject.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>

#define INTERRUPTIONS 50 /* in a row: more than that is no longer a signal */

static struct plan *plan;
static enum part own_part;

void inject_begin(struct plan *shared, enum part part) {
    plan = shared;
    own_part = part;
}

static bool strikes(enum call call) {
    if (plan == NULL || !atomic_load(&plan->armed)) return false;
    const struct fault *fault = &plan->fault;
    const uint32_t seen = atomic_fetch_add(&plan->seen[own_part][call], 1) + 1;
    if (fault->part != own_part || fault->call != call || seen < fault->nth) return false;
    const uint32_t last = !fault->lasts ? fault->nth : fault->error == EINTR ? fault->nth + INTERRUPTIONS : UINT32_MAX;
    if (seen > last) return false;
    atomic_fetch_add(&plan->struck, 1);
    return true;
}

/* The real functions, by the symbols that the library calls: their types are those of calls.h. */
#define REAL(function) real_##function
#define DECLARE(kind, type, function, failure, parameters, ...) \
    extern type REAL(function)                                  \
    parameters __asm__(#function);
CALLS(DECLARE)
CALLS_IN_PART(DECLARE)
#define BY_ERRNO(call, failure) \
    errno = plan->fault.error;  \
    return plan->fault.error == NOTHING ? 0 : failure
#define BY_MESSAGE(call, failure)             \
    ((struct msghdr *)m)->msg_controllen = 0; \
    ((struct msghdr *)m)->msg_flags = 0;      \
    BY_ERRNO(call, failure)
#define BY_RESULT(call, failure) return plan->fault.error
#define ANYWAY(call, failure)  \
    (void)(call);              \
    errno = plan->fault.error; \
    return failure

#define ALWAYS(function, arguments) true
#define DEFINE_WHERE(may, kind, type, function, failure, parameters, arguments)                      \
    type faulty_##function parameters;                                                               \
    type faulty_##function##64 parameters;                                                           \
    type faulty_##function parameters {                                                              \
        if (!may(function, arguments) || !strikes(CALL_##function)) return REAL(function) arguments; \
        kind(REAL(function) arguments, failure);                                                     \
    }                                                                                                \
    type faulty_##function##64 parameters { return faulty_##function arguments; }
#define DEFINE(kind, type, function, failure, parameters, arguments, ...) \
    DEFINE_WHERE(ALWAYS, kind, type, function, failure, parameters, arguments)
CALLS(DEFINE)

/* A fence cannot fail that was registered for, and everybody has a thread id. */
static bool may_refuse_syscall(long number, long command, long c, long d, long e, long f, long g) {
    (void)c, (void)d, (void)e, (void)f, (void)g;
    return number != SYS_gettid && !(number == SYS_membarrier && command == MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

/* A new watch takes memory, and users may have so many; what is watched already can always be changed. */
static bool may_refuse_epoll_ctl(int poller, int operation, int fd, const void *event) {
    (void)poller, (void)fd, (void)event;
    return operation == EPOLL_CTL_ADD;
}

#define IN_PART(function, arguments) may_refuse_##function arguments
#define DEFINE_IN_PART(kind, type, function, failure, parameters, arguments, ...) \
    DEFINE_WHERE(IN_PART, kind, type, function, failure, parameters, arguments)
CALLS_IN_PART(DEFINE_IN_PART)

/* ---- the table ---- */

const char *call_name(enum call call) {
#define NAME(kind, type, function, ...) #function,
    static const char *const names[] = { CALLS(NAME) CALLS_IN_PART(NAME) };
    return names[call];
}

const int *call_errors(enum call call, uint32_t *count) {
#define ERRORS(kind, type, function, failure, parameters, arguments, ...) \
    case CALL_##function: {                                               \
        static const int errors[] = { __VA_ARGS__ };                      \
        *count = sizeof errors / sizeof errors[0];                        \
        return errors;                                                    \
    }
    switch (call) {
        CALLS(ERRORS)
        CALLS_IN_PART(ERRORS)
        default:
            *count = 0;
            return NULL;
    }
}
