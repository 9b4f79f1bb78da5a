/*
 * A connection tells the user at its other end, and no pid. What getpeereid() says, everywhere.
 */
#include <sys/socket.h>

#include "behaviour.h"

NEXT(getsockopt)

SHOWN int getsockopt(int socket, int level, int name, void *value, socklen_t *length) {
    const int asked = next_getsockopt()(socket, level, name, value, length);
    if (asked == 0 && level == SOL_SOCKET && name == SO_PEERCRED) ((struct ucred *)value)->pid = 0;
    return asked;
}
