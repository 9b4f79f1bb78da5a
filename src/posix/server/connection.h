/*
 * The connections that others have made to this process's endpoint.
 *
 * Each carries one request at a time; a second one waits until the first is answered. Whoever is slow, silent or wrong
 * harms its own connection alone: a request that does not become whole in time closes it, and a response that is not
 * taken. Only whoever answers touches connections (server.h). A process whose connection was ended makes another one
 * when it has something to ask: so connections that are idle can be ended at any time, and are when others wait.
 */
#ifndef SHSHARED_SERVER_CONNECTION_H
#define SHSHARED_SERVER_CONNECTION_H

#include <stdbool.h>

struct connection;
struct server;

/* Begin with a connection just accepted, or refuse it; fd is taken over. */
void shs__connection_open(struct server *server, int fd);

/* Tell whoever made a connection that there is no room for it, and close it. */
void shs__connection_refuse(int fd);

/* Something can be read or written. False when it is no connection that is ours: the application closed its descriptor.
 */
bool shs__connection_serve(struct server *server, struct connection *connection);

/* The other end is gone, or must go: what it gave is retired. */
void shs__connection_end(struct server *server, struct connection *connection);

/* Tell them which segments of this process were emptied, as far as that can be done without waiting. */
void shs__connections_tell(struct server *server);

/*
 * End a connection, so that another one can have its place: the one that was used least lately of those where nothing
 * is in hand, neither a message nor a response. What hangs on a connection ends with it, so one that nothing hangs on
 * goes first. False where all are in use.
 */
bool shs__connection_make_room(struct server *server);

/* End those that have been in the middle of a message for too long, and those whom the application admits no more. */
void shs__connections_review(struct server *server);

#endif
