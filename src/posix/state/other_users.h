/*
 * Peers that are other users' processes: whether the application admits them, as of now.
 *
 * Asked when a turn begins (peer_call.c), once a second by the housekeeping, and when the option changes: whoever is no
 * longer admitted is disconnected.
 */
#ifndef SHSHARED_STATE_OTHER_USERS_H
#define SHSHARED_STATE_OTHER_USERS_H

#include "state/peer.h"

/* Is the peer a process of this user, or admitted? In a turn. */
bool shs__peer_is_admitted(struct context *context, const struct peer *peer);

/* End the connections to those that are not, where no thread uses them: whoever does asks when its next turn begins. */
void shs__peers_review(struct context *context);

#endif
