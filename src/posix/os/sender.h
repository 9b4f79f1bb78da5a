/*
 * Who sent a message over a socket: what the kernel says, not what the peer says.
 *
 * A connection's credentials (peercred.h) are those of whoever called connect() or listen(), and may be a dead
 * process's. A message's are those of its sender, which names the user that it was when it attached (identity.h): so a
 * connection that somebody else got hold of speaks for nobody. Where no kernel names senders, who connected stands for
 * them. Used by fdpass.c, ipc/connect.c and the server. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_SENDER_H
#define SHSHARED_OS_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "os/peercred.h"

/* Bytes of the control message that names a sender, and not enough for a descriptor besides. */
#define SENDER_ROOM CMSG_SPACE(3 * sizeof(int))

/* Does the kernel name the sender of every message? */
bool shs__sender_is_named(void);

/* Have it done for every message that is received here. */
bool shs__sender_ask(int socket);

/* The control message in which a sender names its user, and how much of SENDER_ROOM it takes; 0 where the system leaves
 * no choice. Of its several users the kernel lets it name any, and lets it name no other. */
size_t shs__sender_name(struct cmsghdr *control);

/* Is this control message such a name? Then read it. */
bool shs__sender_of_message(const struct cmsghdr *control, struct credentials *who);

#endif
