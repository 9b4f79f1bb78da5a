/*
 * Reaching a process for the first time: find its endpoint, connect, and have it prove who it is.
 */
#ifndef SHSHARED_POSIX_PEER_CONNECT_H
#define SHSHARED_POSIX_PEER_CONNECT_H

#include <stdatomic.h>

#include "backend.h"
#include "deadline.h"
#include "wire.h"

struct world;

/* A kept descriptor of a connection to the process itself, and the object of its life word (-1: none). */
shs_status peer_connect(struct world *world, shs_pid pid, deadline until, int *fd, int *life_fd);

/* Send a frame, and receive one, whole, waiting until the deadline. SHS_E_NOT_ATTACHED: the other end is gone. */
shs_status frame_send(struct world *world, int socket, const struct frame *frame, int fd, deadline until);
struct fdpass_extra;
shs_status frame_receive(struct world *world, int socket, struct frame *frame, struct fdpass_extra *extra,
                         deadline until);

#endif
