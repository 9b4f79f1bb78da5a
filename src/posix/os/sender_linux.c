/*
 * Who sent a message, on Linux: SCM_CREDENTIALS. See sender.h.
 */
#include "os/sender.h"

#include <string.h>
#include <unistd.h>

#include "os/identity.h"

bool shs__sender_is_named(void) { return true; }

bool shs__sender_ask(int socket) {
    const int on = 1;
    return setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0;
}

size_t shs__sender_name(struct cmsghdr *control) {
    const struct ucred own = { .pid = getpid(), .uid = shs__identity_user(), .gid = getegid() };
    _Static_assert(CMSG_SPACE(sizeof own) <= SENDER_ROOM, "it fits");
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_CREDENTIALS;
    control->cmsg_len = CMSG_LEN(sizeof own);
    memcpy(CMSG_DATA(control), &own, sizeof own);
    return CMSG_SPACE(sizeof own);
}

bool shs__sender_of_message(const struct cmsghdr *control, struct credentials *who) {
    struct ucred told;
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_CREDENTIALS) return false;
    if (control->cmsg_len < CMSG_LEN(sizeof told)) return false;
    memcpy(&told, CMSG_DATA(control), sizeof told);
    *who = (struct credentials){ told.pid > 0 ? (uint32_t)told.pid : 0, told.uid, told.gid };
    return true;
}
