/*
 * Who connected, on a Linux that tells no more than POSIX systems have in common: the user. For the tests, in the place
 * of peercred_user.c, as glibc has no getpeereid(). See peercred.h.
 */
#include "os/peercred.h"

#include <sys/socket.h>

bool shs__peercred_tells_pid(void) { return false; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    struct ucred told;
    socklen_t length = sizeof told;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &told, &length) != 0) return false;
    *who = (struct credentials){ .user = told.uid, .group = told.gid };
    return true;
}
