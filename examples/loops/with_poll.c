/*
 * with_poll: take blocks in a loop around poll(). See taker.h.
 */
#include <errno.h>
#include <poll.h>
#include <shshared/shshared.h>
#include <stdlib.h>
#include <unistd.h>

#include "taker.h"

int main(void) {
    bool more = taker_start() >= 0;
    const bool started = more;
    while (more) {
        /* asked in each round, so that it is right even where the program closes descriptors */
        struct pollfd watched[] = { { .fd = shs_poll_fd(), .events = POLLIN },
                                    { .fd = STDIN_FILENO, .events = POLLIN } };
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return EXIT_FAILURE;
        if (watched[0].revents != 0) taker_serve();
        if (watched[1].revents != 0) more = taker_read();
    }
    shs_stop();
    return started ? EXIT_SUCCESS : EXIT_FAILURE;
}
