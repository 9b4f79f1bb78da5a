/*
 * The bell. See bell.h.
 */
#include "state/bell.h"

#include <unistd.h>

#include "os/fd_tracking.h"
#include "state/context.h"

void shs__bell_set(struct context *context, int fd) {
    context_lock(context);
    context->bell = fd;
    context_unlock(context);
}

void shs__bell_ring(const struct context *context) {
    if (shs__fd_is_ours(context->bell)) (void)!write(context->bell, "", 1);
}
