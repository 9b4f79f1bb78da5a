/*
 * The bell: wakes the server when there is something for it to do that no other process has said.
 *
 * Rung by whoever finds news, or makes a connection; hung up by the server, whose the descriptor is.
 */
#ifndef SHSHARED_STATE_BELL_H
#define SHSHARED_STATE_BELL_H

struct context;

/* What to write to; -1: there is nobody to wake. */
void shs__bell_set(struct context *context, int fd);

/* Under the context's lock, as the descriptor is closed only after it is taken away. */
void shs__bell_ring(const struct context *context);

#endif
