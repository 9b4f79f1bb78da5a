/*
 * Who is at the other end of a socket, on Linux: SO_PEERCRED and SCM_CREDENTIALS. See peercred.h.
 *
 * A user id that has no mapping in this user namespace shows as the overflow id, which belongs to nobody: it is refused
 * wherever users are compared, as no process of ours can have it unless it is unmapped itself.
 */
#include <string.h>
#include <unistd.h>

#include "os/identity.h"
#include "os/peercred.h"

static void keep(const struct ucred *told, struct credentials *who) {
    *who =
        (struct credentials){ .pid = told->pid > 0 ? (uint32_t)told->pid : 0, .user = told->uid, .group = told->gid };
}

bool shs__peercred_of_connection(int socket, struct credentials *who) {
    struct ucred told;
    socklen_t length = sizeof told;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &told, &length) != 0) return false;
    keep(&told, who);
    return true;
}

bool shs__peercred_ask(int socket) {
    const int on = 1;
    return setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0;
}

size_t shs__peercred_name(struct cmsghdr *control) {
    const struct ucred own = { .pid = getpid(), .uid = shs__identity_user(), .gid = getegid() };
    _Static_assert(CMSG_SPACE(sizeof own) <= PEERCRED_ROOM, "it fits");
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_CREDENTIALS;
    control->cmsg_len = CMSG_LEN(sizeof own);
    memcpy(CMSG_DATA(control), &own, sizeof own);
    return CMSG_SPACE(sizeof own);
}

bool shs__peercred_of_message(const struct cmsghdr *control, struct credentials *who) {
    struct ucred told;
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_CREDENTIALS) return false;
    if (control->cmsg_len < CMSG_LEN(sizeof told)) return false;
    memcpy(&told, CMSG_DATA(control), sizeof told);
    keep(&told, who);
    return true;
}
