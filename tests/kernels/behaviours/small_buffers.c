/*
 * A socket has room for some 8 KiB. macOS, the BSDs.
 */
#include <sys/socket.h>

#include "behaviour.h"

#define ROOM 4096 /* of which Linux makes twice as much */

NEXT(accept)
NEXT(accept4)
NEXT(socket)
NEXT(socketpair)

static int shrink(int socket) {
    const int room = ROOM;
    if (socket < 0) return socket;
    (void)setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    (void)setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    return socket;
}

SHOWN int accept(int listener, struct sockaddr *address, socklen_t *length) {
    return shrink(next_accept()(listener, address, length));
}

SHOWN int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    return shrink(next_accept4()(listener, address, length, flags));
}

SHOWN int socket(int family, int type, int protocol) {
    const int made = next_socket()(family, type, protocol);
    return family == AF_UNIX ? shrink(made) : made;
}

SHOWN int socketpair(int family, int type, int protocol, int ends[2]) {
    const int made = next_socketpair()(family, type, protocol, ends);
    if (made == 0) (void)shrink(ends[0]), (void)shrink(ends[1]);
    return made;
}
