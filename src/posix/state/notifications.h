/*
 * Notifications: what is said to peers, and received from them, without a request, and for which nobody waits.
 *
 * They are sent and received by whoever frees or gives something up, by the server, and at the end of a turn for what
 * came up during it (peer.h: pending). Called by everyone who ends a turn.
 */
#ifndef SHSHARED_STATE_NOTIFICATIONS_H
#define SHSHARED_STATE_NOTIFICATIONS_H

#include "ipc/wire.h"
#include "state/peer.h"

/* End a turn, when what is pending is done. */
void shs__peer_end(struct context *context, struct peer *peer);

/* In a turn: say what is queued for the peer. What could not be said stays queued. */
shs_status shs__peer_send_releases(struct context *context, struct peer *peer, int socket, const struct waiting *wait);

/* In a turn: receive a message, from the peer's user and nobody else. */
struct fdpass_extra;
shs_status shs__peer_hear(const struct peer *peer, struct message *said, struct fdpass_extra *extra,
                          const struct waiting *wait);

/* In a turn: act on a message that is not the response to a request which somebody waits for: a notification, or a
 * response that came too late. fd is taken over. */
void shs__peer_take_unasked(struct context *context, struct peer *peer, const struct message *said, int fd);

/* Tell all peers what is queued for them, as far as that can be done without waiting. */
void shs__peers_flush(struct context *context);

/* End the connections to those that are gone. */
void shs__peers_end_dead(struct thread *thread);

#endif
