/*
 * Who connected, where getpeereid() tells the user and no more. See peercred.h.
 */
#include "os/peercred.h"

#include <sys/types.h>

#include <unistd.h>

bool shs__peercred_tells_pid(void) { return false; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    uid_t user = 0;
    gid_t group = 0;
    if (getpeereid(socket, &user, &group) != 0) return false;
    *who = (struct credentials){ .user = (uint32_t)user, .group = (uint32_t)group };
    return true;
}
