/*
 * Systems where a descriptor is told afterwards how it is to be: macOS, and all that POSIX.1-2008 promises. What
 * another thread executes in between, without a fork of ours (vfork, posix_spawn), has the descriptor too. See
 * newborn.h.
 */
#include "os/newborn.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

static bool make_quiet(int fd) {
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return false;
    const int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

static int prepare(int made) {
    if (made < 0 || make_quiet(made)) return made;
    const int error = errno;
    (void)close(made);
    errno = error;
    return -1;
}

int shs__newborn_accept(int listener) { return prepare(accept(listener, NULL, NULL)); }

int shs__newborn_socket(int type) { return prepare(socket(AF_UNIX, type, 0)); }

static bool prepare_both(int ends[2]) {
    if (make_quiet(ends[0]) && make_quiet(ends[1])) return true;
    const int error = errno;
    (void)close(ends[0]);
    (void)close(ends[1]);
    errno = error;
    return false;
}

bool shs__newborn_pipe(int ends[2]) { return pipe(ends) == 0 && prepare_both(ends); }

bool shs__newborn_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && prepare_both(ends); }

/* Those that came are closed on exec by fdpass.c, which walks them all. */
ssize_t shs__newborn_receive(int socket, struct msghdr *message, int flags) { return recvmsg(socket, message, flags); }
