/*
 * What is said to a peer: requests, each with its response, and notifications that segments are released.
 *
 * One thread at a time, in its turn (peer.h). A response that comes too late for its request is recognised by its
 * serial and dropped. Called by the client room, and by alloc.c for its turns; shs__peers_flush() by the server's
 * housekeeping.
 */
#ifndef SHSHARED_STATE_PEER_CALL_H
#define SHSHARED_STATE_PEER_CALL_H

#include "ipc/wire.h"
#include "state/notifications.h"
#include "state/peer.h"

/* Have a turn with a peer, and a connection to it. shs__peer_end() ends the turn. */
shs_status shs__peer_begin(struct context *context, shs_pid pid, const struct waiting *wait, struct peer **peer);

/* A request and its response. */
struct exchange {
    struct message request;
    int request_fd; /* goes with it; -1: none. It stays the caller's */
    struct message response;
    bool wants_fd; /* the response brings a descriptor: SHS_OK means that it is there */
    int response_fd;
    bool cut_off; /* the connection ended before the response came: there may be another one */
};

/*
 * Make a request and wait for its response: the status that the peer answered, or of the try. A connection that fails
 * ends; one that is only late does not.
 */
shs_status shs__peer_call(struct context *context, struct peer *peer, struct exchange *exchange,
                          const struct waiting *wait);

#endif
