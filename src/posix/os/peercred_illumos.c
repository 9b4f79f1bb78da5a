/*
 * Who connected, on illumos: getpeerucred(). See peercred.h.
 */
#include "os/peercred.h"

#include <errno.h>
#include <stddef.h>
#include <ucred.h>

bool shs__peercred_tells_pid(void) { return true; }

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    ucred_t *told = NULL;
    if (getpeerucred(socket, &told) != 0) return false;
    const pid_t pid = ucred_getpid(told);
    const uid_t user = ucred_geteuid(told);
    const gid_t group = ucred_getegid(told);
    ucred_free(told);
    if (user == (uid_t)-1) {
        errno = EPROTO;
        return false;
    }
    *who = (struct credentials){ pid > 0 ? (uint32_t)pid : 0, (uint32_t)user, (uint32_t)group };
    return true;
}
