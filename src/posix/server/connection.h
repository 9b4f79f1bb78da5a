/*
 * Links: the connections that others have made to this process's endpoint.
 *
 * Each carries one question at a time; a second one waits until the first is answered. Whoever is slow, silent or wrong
 * harms its own link alone: a question that does not become whole in time closes it, and an answer that is not taken.
 * Only the agent touches links.
 */
#ifndef SHSHARED_SERVER_CONNECTION_H
#define SHSHARED_SERVER_CONNECTION_H

struct server;
struct connection;
struct context;

/* Begin with a connection just accepted, or refuse it; fd is taken over. */
void connection_open(struct context *context, int fd);

/* Something can be read or written. */
void connection_serve(struct context *context, struct connection *connection);

/* The other end is gone, or must go: what it gave is revoked. */
void connection_end(struct context *context, struct connection *connection);

/* The one that was used least lately. */
struct connection *connection_oldest(const struct server *server);

/* End those that have been in the middle of a frame for too long. */
void connections_expire(struct context *context);

#endif
