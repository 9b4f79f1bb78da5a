/*
 * Names of shared memory have 31 characters at most, and paths of sockets 103. macOS; the paths: the BSDs as well.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "behaviour.h"

#define NAME_MOST 31
#define PATH_MOST 103

NEXT(bind)
NEXT(connect)
NEXT(shm_open)

static bool is_too_long(const struct sockaddr *address) {
    struct sockaddr_un local;
    if (address->sa_family != AF_UNIX) return false;
    memcpy(&local, address, sizeof local);
    return strnlen(local.sun_path, sizeof local.sun_path) > PATH_MOST;
}

static int refuse(void) {
    errno = ENAMETOOLONG;
    return -1;
}

SHOWN int shm_open(const char *name, int flags, mode_t mode) {
    return strlen(name) > NAME_MOST ? refuse() : next_shm_open()(name, flags, mode);
}

SHOWN int bind(int socket, const struct sockaddr *address, socklen_t length) {
    return is_too_long(address) ? refuse() : next_bind()(socket, address, length);
}

SHOWN int connect(int socket, const struct sockaddr *address, socklen_t length) {
    return is_too_long(address) ? refuse() : next_connect()(socket, address, length);
}
