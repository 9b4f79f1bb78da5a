/*
 * Who made the connection at the other end of a socket: what the kernel says, not what the peer says. Whoever called
 * connect() or listen(), which may be a dead process; who sends a message is in sender.h. One file for each system
 * (os/systems.cmake).
 */
#ifndef SHSHARED_OS_PEERCRED_H
#define SHSHARED_OS_PEERCRED_H

#include <stdbool.h>
#include <stdint.h>

struct credentials {
    uint32_t pid; /* 0: unknown, or not visible from this pid namespace */
    uint32_t user;
    uint32_t group;
};

/* Does the kernel tell the pid, or only the user? */
bool shs__peercred_tells_pid(void);

/* The credentials of the connection. errno on failure. */
bool shs__peercred_of_connection(int socket, struct credentials *who);

#endif
