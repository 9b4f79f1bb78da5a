/*
 * Waiting for one descriptor. See wait.h.
 */
#include "wait.h"

#include <errno.h>
#include <poll.h>

#include "failure.h"
#include "world.h"

shs_status wait_for(struct world *world, int fd, short events, deadline until) {
    const bool serves = atomic_load(&world->attached) && world->agent.service == SHS_SERVE_APPLICATION;
    struct pollfd watched[2] = { { .fd = fd, .events = events },
                                 { .fd = serves ? world->agent.poller : -1, .events = POLLIN } };
    for (;;) {
        const int left = deadline_left(until);
        const int ready = poll(watched, 2, left);
        if (ready < 0 && errno != EINTR) return failure(errno);
        if (ready > 0 && watched[0].revents != 0) return SHS_OK;
        if (ready > 0 && watched[1].revents != 0) agent_dispatch(world);
        if (left == 0) return failure(ETIMEDOUT);
    }
}
