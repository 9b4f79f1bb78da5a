/*
 * A descriptor that does not fit the other end's buffer now is "too long" a message, not one to try again. macOS.
 */
#include <errno.h>
#include <sys/socket.h>

#include "behaviour.h"

NEXT(sendmsg)

SHOWN ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
    const ssize_t sent = next_sendmsg()(socket, message, flags);
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    struct msghdr copy = *message;
    bool brings = false;
    while (sent < 0 && header != NULL) {
        brings = brings || header->cmsg_type == SCM_RIGHTS;
        header = CMSG_NXTHDR(&copy, header);
    }
    if (sent < 0 && brings && errno == EAGAIN) errno = EMSGSIZE;
    return sent;
}
