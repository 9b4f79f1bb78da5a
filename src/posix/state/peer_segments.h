/*
 * The segments of one peer that this process knows: they go when the connection to it ends.
 *
 * The list of the registry has those of everybody, and an end must not cost a look at them all. Called by registry.c
 * when a segment joins or leaves its list; read by peer.c.
 */
#ifndef SHSHARED_STATE_PEER_SEGMENTS_H
#define SHSHARED_STATE_PEER_SEGMENTS_H

struct segment;

/* A segment joins those of its peer, or leaves them; nothing where it has none. Under the context's lock. */
void shs__peer_segments_join(struct segment *segment);
void shs__peer_segments_leave(const struct segment *segment);

#endif
