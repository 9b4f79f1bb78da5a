/*
 * Descriptors that are closed on exec and never block from their birth on, or as soon after it as the system can. Used
 * by fdpass.c, server/ and poller_poll.c, within a birth (birth.h). One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_NEWBORN_H
#define SHSHARED_OS_NEWBORN_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

/* A connection, of a listener that never blocks. -1 with errno. */
int shs__newborn_accept(int listener);

/* A socket of the local domain. -1 with errno. */
int shs__newborn_socket(int type);

/* A pipe, and a pair of sockets of the local domain. False with errno. */
bool shs__newborn_pipe(int ends[2]);
bool shs__newborn_pair(int ends[2]);

/* recvmsg(), which brings descriptors. They are closed on exec; whether one blocks is the sender's business. */
ssize_t shs__newborn_receive(int socket, struct msghdr *message, int flags);

#endif
