/*
 * Reaching a process for the first time: find its endpoint, connect, and have it prove who it is.
 */
#ifndef SHSHARED_IPC_CONNECT_H
#define SHSHARED_IPC_CONNECT_H

#include <stdatomic.h>

#include "backend.h"
#include "ipc/wire.h"
#include "os/deadline.h"

struct context;

/* A kept descriptor of a connection to the process itself, and the object of its life word (-1: none). */
shs_status connect_peer(struct context *context, shs_pid pid, deadline until, int *fd, int *liveness_fd);

/* Send a frame, and receive one, whole, waiting until the deadline. SHS_E_NOT_ATTACHED: the other end is gone. */
shs_status message_send(struct context *context, int socket, const struct message *message, int fd, deadline until);
struct fdpass_extra;
shs_status message_receive(struct context *context, int socket, struct message *message, struct fdpass_extra *extra,
                           deadline until);

#endif
