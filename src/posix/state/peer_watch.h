/*
 * Watching peers: the server watches the connections that this process made to them, so that a process that calls
 * nothing receives, too, what they say unasked (notifications.h), and that they have ended.
 *
 * A response wakes the server for nothing. So a peer with which somebody has a turn is not watched again at once:
 * whoever has turns with it meanwhile hears it at the end of each. Called by the server alone.
 */
#ifndef SHSHARED_STATE_PEER_WATCH_H
#define SHSHARED_STATE_PEER_WATCH_H

#include <stdbool.h>

struct context;

/* Watch the connections that are not watched: true when some are left, as somebody has a turn with them. Or everything
 * anew, by another poller. */
bool shs__peer_watch_all(struct context *context, int poller, bool also_busy);
void shs__peer_watch_anew(struct context *context);

/* Is this event a peer's? Then it is heard. What is said in a turn, whoever has it hears. */
bool shs__peer_watch_handle(struct context *context, const void *tag);

#endif
