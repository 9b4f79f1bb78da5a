/*
 * Who connected, on OpenBSD: SO_PEERCRED. See peercred.h.
 */
#include "os/peercred.h"

#include <sys/types.h>

#include <sys/socket.h>

bool shs__peercred_tells_pid(void) { return true; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    struct sockpeercred told;
    socklen_t length = sizeof told;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &told, &length) != 0) return false;
    *who = (struct credentials){ told.pid > 0 ? (uint32_t)told.pid : 0, told.uid, told.gid };
    return true;
}
