/*
 * Waiting for one descriptor. See wait.h.
 */
#include "os/wait.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"

#define PAUSE_MOST 32u /* milliseconds */

/* A process that may open no descriptor may not wait for one either, though it has it: it is asked now and then. */
static shs_status pause_a_moment(void) {
    const struct timespec millisecond = { .tv_nsec = 1000000 };
    (void)nanosleep(&millisecond, NULL);
    return SHS_OK;
}

shs_status shs__wait_ready(const struct waiting *wait, int fd, short events) {
    struct pollfd watched[2] = { { .fd = fd, .events = events }, { .fd = wait->pump_fd, .events = POLLIN } };
    for (;;) {
        const int left = deadline_left(wait->until);
        const int ready = poll(watched, watched[1].fd < 0 ? 1 : 2, left);
        if (ready < 0 && errno == EINVAL && left > 0) return pause_a_moment();
        if (ready < 0 && errno != EINTR && errno != EINVAL) return shs__status_from_errno(errno);
        if (ready > 0 && watched[0].revents != 0) return SHS_OK;
        if (ready > 0 && watched[1].revents != 0) {
            wait->pump(wait->context);
            if (!shs__fd_is_ours(wait->pump_fd))
                watched[1].fd = -1; /* it was stopped, answers no more, or began anew */
        }
        if (left == 0) return shs__status_from_errno(ETIMEDOUT);
    }
}

shs_status shs__wait_pause(const struct waiting *wait, uint32_t *pause) {
    const uint32_t milliseconds = *pause;
    *pause = milliseconds == 0 ? 1 : milliseconds < PAUSE_MOST ? milliseconds * 2 : PAUSE_MOST;
    if (deadline_left(wait->until) == 0) return shs__status_from_errno(ETIMEDOUT);
    if (milliseconds == 0) return SHS_OK;
    const deadline again = deadline_in(milliseconds);
    const struct waiting soon = wait_until(wait, again < wait->until ? again : wait->until);
    const shs_status status = shs__wait_ready(&soon, -1, 0);
    return status == SHS_E_TIMEOUT ? SHS_OK : status;
}
