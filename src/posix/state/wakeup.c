/*
 * Waking the server. See wakeup.h.
 */
#include "state/wakeup.h"

#include <unistd.h>

#include "os/fd_tracking.h"
#include "state/context.h"

void shs__wakeup_set(struct context *context, int fd) {
    context_lock(context);
    context->wakeup_fd = fd;
    context_unlock(context);
}

void shs__wakeup_send(const struct context *context) {
    if (shs__fd_is_ours(context->wakeup_fd)) (void)!write(context->wakeup_fd, "", 1);
}
