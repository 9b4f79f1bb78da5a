/*
 * What nobody uses goes back to the system.
 *
 * The giver decides for segments in which it allocates: it keeps freed memory for its next blocks, up to the limit that
 * shs_options.retain sets and for a time. Whoever frees the last block of a segment counts it among those that are kept
 * (kept.h), gives up what exceeds the limit, the longest kept first, and lets the others that have the segment know,
 * who do the same: through the owner, who knows them all (emptied.h). What the owner is to be told is queued:
 * shs__peers_flush() says it. Housekeeping looks through everything for what nobody
 * told. Nothing here is called under a lock.
 */
#ifndef SHSHARED_STATE_TRIM_H
#define SHSHARED_STATE_TRIM_H

#include <stdint.h>

#include "state/context.h"

/* Keep within the limit now. */
void shs__trim(struct context *context);

/* This process has freed the last block in the segment of this handle. Not inside the reader. */
void shs__trim_emptied(struct context *context, shs_pid owner, shs_handle handle);

/* A peer says so of one of its segments, or of any (WIRE_ALL), in a turn: what exceeds the limit by that is given up
 * when the turn has ended. */
void shs__trim_heard(struct context *context, struct peer *peer, uint32_t base);
void shs__trim_after_turn(struct context *context);

/* Somebody says so, by a connection, of one of this process's segments. */
void shs__trim_told(struct context *context, uint32_t base, uint64_t connection);

/* Housekeeping: once a second or so. */
void shs__trim_periodic(struct context *context);

/* Give back all that holds no block, for the sake of its numbers and descriptors: also what peers keep here for their
 * next block. The owners of other segments are told by shs__peers_flush(). */
void shs__trim_unused(struct context *context);

#endif
