/*
 * Who connected, on Linux: SO_PEERCRED. See peercred.h.
 *
 * A user id that has no mapping in this user namespace shows as the overflow id, which belongs to nobody: it is refused
 * wherever users are compared, as no process of ours can have it unless it is unmapped itself.
 */
#include "os/peercred.h"

#include <sys/socket.h>

bool shs__peercred_tells_pid(void) { return true; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    struct ucred told;
    socklen_t length = sizeof told;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &told, &length) != 0) return false;
    *who = (struct credentials){ told.pid > 0 ? (uint32_t)told.pid : 0, told.uid, told.gid };
    return true;
}
