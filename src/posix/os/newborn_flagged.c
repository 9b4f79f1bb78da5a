/*
 * Systems where the call that opens a descriptor says how it is to be: Linux, the BSDs, illumos. See newborn.h.
 */
#include "os/newborn.h"

#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

int shs__newborn_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int shs__newborn_socket(int type) { return socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

bool shs__newborn_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0; }

bool shs__newborn_pair(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0;
}

ssize_t shs__newborn_receive(int socket, struct msghdr *message, int flags) {
    return recvmsg(socket, message, flags | MSG_CMSG_CLOEXEC);
}
