/*
 * Hearing peers: the server watches the connections that this process made to them, so that a process that calls
 * nothing hears, too, what they say unasked (errands.h), and that they have ended.
 *
 * Called by the server alone.
 */
#ifndef SHSHARED_STATE_HEARING_H
#define SHSHARED_STATE_HEARING_H

#include <stdbool.h>

struct context;

/* Watch the connections that are new; or everything anew, by another poller. */
void shs__hearing_watch(struct context *context, int poller);
void shs__hearing_watch_anew(struct context *context);

/* Is this event a peer's? Then it is heard. What is said in a turn, whoever has it hears. */
bool shs__hearing_handle(struct context *context, const void *tag);

#endif
