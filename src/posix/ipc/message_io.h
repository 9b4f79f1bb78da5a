/*
 * Whole messages over a socket, for the side that makes requests: sent and received, waiting as long as the call may.
 * Called by connect.c and by state/peer_call.c. No state.
 */
#ifndef SHSHARED_IPC_MESSAGE_IO_H
#define SHSHARED_IPC_MESSAGE_IO_H

#include "ipc/wire.h"
#include "os/fdpass.h"
#include "os/wait.h"

/* SHS_E_NOT_ATTACHED: the other end is gone, or only half a message was moved and the connection is of no more use.
 * SHS_E_TIMEOUT: nothing was moved. fd goes along, where it is not negative. */
shs_status shs__message_send(int socket, const struct message *message, int fd, const struct waiting *wait);
shs_status shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                const struct waiting *wait);

#endif
