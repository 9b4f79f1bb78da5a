/*
 * Who wants to connect to this process's endpoint: accepted, kept waiting, or refused.
 *
 * Connections have a share of the descriptors. Beyond it each new one takes the place of one that is idle; where none
 * is, whoever comes waits in the listener's queue, which costs no descriptor, until its own time limit. Called by
 * server.c, by whoever answers. Owns the descriptor that is kept in reserve.
 */
#ifndef SHSHARED_SERVER_ARRIVALS_H
#define SHSHARED_SERVER_ARRIVALS_H

#include <stdbool.h>

#include "os/deadline.h"

struct server;

/* Watch the endpoint's listener from now on. False with errno. */
bool shs__arrivals_begin(struct server *server);
void shs__arrivals_end(struct server *server);

/* Watch it, where it is not watched; watch it no more. */
void shs__arrivals_watch(struct server *server);
void shs__arrivals_ignore(struct server *server);

/* When the server has something to do next, if nothing comes: whoever waits is looked at again before housekeeping. */
deadline shs__arrivals_due(const struct server *server);

/* Somebody waits. False where nothing can be done, for want of descriptors or memory. */
bool shs__arrivals_accept(struct server *server);

#endif
