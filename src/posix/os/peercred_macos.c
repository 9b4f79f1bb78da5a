/*
 * Who connected, on macOS: getpeereid() and LOCAL_PEERPID. See peercred.h.
 */
#include "os/peercred.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool shs__peercred_tells_pid(void) { return true; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    uid_t user = 0;
    gid_t group = 0;
    pid_t pid = 0;
    socklen_t length = sizeof pid;
    if (getpeereid(socket, &user, &group) != 0) return false;
    if (getsockopt(socket, SOL_LOCAL, LOCAL_PEERPID, &pid, &length) != 0) return false;
    *who = (struct credentials){ .pid = pid > 0 ? (uint32_t)pid : 0, .user = user, .group = group };
    return true;
}
