/*
 * A connection that is accepted is as its listener: where that does not block, nor does it. macOS, the BSDs.
 */
#include <fcntl.h>
#include <sys/socket.h>

#include "behaviour.h"

NEXT(accept4)
NEXT(accept)

static int inherit(int listener, int accepted) {
    const int flags = fcntl(listener, F_GETFL);
    if (accepted >= 0 && (flags & O_NONBLOCK) != 0) (void)fcntl(accepted, F_SETFL, flags | O_NONBLOCK);
    return accepted;
}

SHOWN int accept(int listener, struct sockaddr *address, socklen_t *length) {
    return inherit(listener, next_accept()(listener, address, length));
}

SHOWN int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    return inherit(listener, next_accept4()(listener, address, length, flags));
}
