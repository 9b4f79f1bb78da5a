/*
 * Who is at the other end of a socket: what the kernel says, not what the peer says.
 *
 * A connection's credentials are those of whoever called connect() or listen(), and may be a dead process's; a
 * message's are those of its sender. Used by ipc/connect.c and by the server. One file for each system
 * (os/systems.cmake).
 */
#ifndef SHSHARED_OS_PEERCRED_H
#define SHSHARED_OS_PEERCRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct credentials {
    uint32_t pid; /* 0: unknown, or not visible from this pid namespace */
    uint32_t user;
    uint32_t group;
};

/* Bytes of the control message that names a sender, and not enough for a descriptor besides. */
#define PEERCRED_ROOM CMSG_SPACE(3 * sizeof(int))

/* The credentials of the connection. errno on failure. */
bool shs__peercred_of_connection(int socket, struct credentials *who);

/* Have the kernel name the sender of every message received here. */
bool shs__peercred_ask(int socket);

/* Is this control message such a name? Then read it. */
bool shs__peercred_of_message(const struct cmsghdr *control, struct credentials *who);

#endif
