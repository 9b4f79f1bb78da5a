/*
 * Links: the connections that others have made to this process's endpoint.
 *
 * Each carries one question at a time; a second one waits until the first is answered. Whoever is slow, silent or wrong
 * harms its own link alone: a question that does not become whole in time closes it, and an answer that is not taken.
 * Only the agent touches links.
 */
#ifndef SHSHARED_POSIX_LINK_H
#define SHSHARED_POSIX_LINK_H

struct agent;
struct link;
struct world;

/* Begin with a connection just accepted, or refuse it; fd is taken over. */
void link_open(struct world *world, int fd);

/* Something can be read or written. */
void link_serve(struct world *world, struct link *link);

/* The other end is gone, or must go: what it gave is revoked. */
void link_end(struct world *world, struct link *link);

/* The one that was used least lately. */
struct link *link_oldest(const struct agent *agent);

/* End those that have been in the middle of a frame for too long. */
void links_expire(struct world *world);

#endif
