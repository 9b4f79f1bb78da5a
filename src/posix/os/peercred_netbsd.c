/*
 * Who connected, on NetBSD: LOCAL_PEEREID. See peercred.h.
 */
#include "os/peercred.h"

#include <sys/types.h>

#include <sys/socket.h>
#include <sys/un.h>

bool shs__peercred_tells_pid(void) { return true; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    struct unpcbid told;
    socklen_t length = sizeof told;
    if (getsockopt(socket, SOL_LOCAL, LOCAL_PEEREID, &told, &length) != 0) return false;
    *who = (struct credentials){ told.unp_pid > 0 ? (uint32_t)told.unp_pid : 0, told.unp_euid, told.unp_egid };
    return true;
}
