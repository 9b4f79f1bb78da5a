/*
 * Waiting for one descriptor. See wait.h.
 */
#include "os/wait.h"

#include <errno.h>
#include <poll.h>

#include "os/errno_status.h"
#include "process/context.h"

shs_status wait_ready(struct context *context, int fd, short events, deadline until) {
    const bool serves = atomic_load(&context->attached) && context->server.service == SHS_SERVE_APPLICATION;
    struct pollfd watched[2] = { { .fd = fd, .events = events },
                                 { .fd = serves ? context->server.poller : -1, .events = POLLIN } };
    for (;;) {
        const int left = deadline_left(until);
        const int ready = poll(watched, 2, left);
        if (ready < 0 && errno != EINTR) return status_from_errno(errno);
        if (ready > 0 && watched[0].revents != 0) return SHS_OK;
        if (ready > 0 && watched[1].revents != 0) server_dispatch(context);
        if (left == 0) return status_from_errno(ETIMEDOUT);
    }
}
