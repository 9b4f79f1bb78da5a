/*
 * Who is at the other end of a socket: what the kernel says, not what the peer says.
 *
 * A connection's credentials are those of whoever called connect() or listen(), and may be a dead process's; a
 * message's are those of its sender, which names the user that it was when it attached (identity.h): so a connection
 * that somebody else got hold of speaks for nobody. Used by fdpass.c, ipc/connect.c and the server. One file for each
 * system (os/systems.cmake).
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

/* The control message in which a sender names its user, and how much of PEERCRED_ROOM it takes; 0 where the system
 * leaves no choice. Of its several users the kernel lets it name any, and lets it name no other. */
size_t shs__peercred_name(struct cmsghdr *control);

/* Is this control message such a name? Then read it. */
bool shs__peercred_of_message(const struct cmsghdr *control, struct credentials *who);

#endif
