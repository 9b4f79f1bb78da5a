/*
 * Whoever connects to a listener with a full backlog is refused, as if nobody listened. macOS, the BSDs, illumos.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "behaviour.h"

NEXT(connect)

SHOWN int connect(int socket, const struct sockaddr *address, socklen_t length) {
    const int flags = fcntl(socket, F_GETFL);
    if (address->sa_family != AF_UNIX || flags < 0) return next_connect()(socket, address, length);
    (void)fcntl(socket, F_SETFL, flags | O_NONBLOCK);
    const int connected = next_connect()(socket, address, length);
    const int error = errno == EAGAIN ? ECONNREFUSED : errno;
    (void)fcntl(socket, F_SETFL, flags);
    errno = error;
    return connected;
}
