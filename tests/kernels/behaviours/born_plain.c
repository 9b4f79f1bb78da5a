/*
 * No descriptor is born with close-on-exec or without blocking: whoever opens one says so afterwards. macOS.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "behaviour.h"

NEXT(accept4)
NEXT(pipe)
NEXT(recvmsg)
NEXT(socket)
NEXT(socketpair)

SHOWN int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    return next_accept4()(listener, address, length, flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK));
}

SHOWN int pipe2(int ends[2], int flags) {
    (void)flags;
    return next_pipe()(ends);
}

SHOWN ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
    return next_recvmsg()(socket, message, flags & ~MSG_CMSG_CLOEXEC);
}

SHOWN int socket(int family, int type, int protocol) {
    return next_socket()(family, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK), protocol);
}

SHOWN int socketpair(int family, int type, int protocol, int ends[2]) {
    return next_socketpair()(family, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK), protocol, ends);
}
