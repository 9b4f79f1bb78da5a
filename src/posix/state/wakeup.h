/*
 * Waking the server, when there is something for it to do that no other process has said.
 *
 * Done by whoever empties a segment or ends the first turn with a peer. The descriptor is the server's, which says it
 * here.
 */
#ifndef SHSHARED_STATE_WAKEUP_H
#define SHSHARED_STATE_WAKEUP_H

struct context;

/* What to write to; -1: there is nobody to wake. */
void shs__wakeup_set(struct context *context, int fd);

/* Under the context's lock, as the descriptor is closed only after it is taken away. */
void shs__wakeup_send(const struct context *context);

#endif
