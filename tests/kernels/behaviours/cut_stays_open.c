/*
 * All descriptors of a message are installed before the control data is cut: what did not fit stays open, and nobody
 * knows its number. macOS, FreeBSD.
 */
#include <sys/socket.h>

#include "behaviour.h"

#define MOST 253 /* descriptors in one message */

NEXT(recvmsg)

SHOWN ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
    _Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(MOST * sizeof(int)) + 256];
    struct msghdr whole = *message;
    if (message->msg_controllen == 0) return next_recvmsg()(socket, message, flags);
    whole.msg_control = control;
    whole.msg_controllen = sizeof control;
    const ssize_t got = next_recvmsg()(socket, &whole, flags);
    if (got < 0) return got;
    const size_t room = message->msg_controllen;
    const bool cut = whole.msg_controllen > room;
    message->msg_controllen = cut ? room : whole.msg_controllen;
    message->msg_namelen = whole.msg_namelen;
    message->msg_flags = whole.msg_flags | (cut ? MSG_CTRUNC : 0);
    memcpy(message->msg_control, control, message->msg_controllen);
    return got;
}
