/*
 * Who connected, on FreeBSD 13 and later: LOCAL_PEERCRED. See peercred.h.
 */
#include "os/peercred.h"

#include <sys/types.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/ucred.h>
#include <sys/un.h>

bool shs__peercred_tells_pid(void) { return true; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    struct xucred told;
    socklen_t length = sizeof told;
    if (getsockopt(socket, SOL_LOCAL, LOCAL_PEERCRED, &told, &length) != 0) return false;
    if (told.cr_version != XUCRED_VERSION || told.cr_ngroups < 1) {
        errno = EPROTO;
        return false;
    }
    *who = (struct credentials){ told.cr_pid > 0 ? (uint32_t)told.cr_pid : 0, told.cr_uid, told.cr_groups[0] };
    return true;
}
