/*
 * The registry: all segments that this process has mapped, from the moment one can be found until its last view is
 * gone.
 *
 * A registered segment is found by its handles and by its addresses. Unlinking takes it off the handles; after a grace
 * period it is reclaimed, or drains: its addresses still lead to it until its last view is given back. Which segments
 * go, and when, is decided in trim.c, by the server when a connection ends, and by peer.c when a peer is gone.
 *
 * Owns the list of segments, and counts what they use. Functions are called under the context's lock unless they
 * say otherwise; what they unlink is reclaimed by context_reclaim(), which the caller calls when it has given the lock
 * back.
 */
#ifndef SHSHARED_STATE_REGISTRY_H
#define SHSHARED_STATE_REGISTRY_H

#include "block/handle_table.h"
#include "block/segment.h"
#include "state/usage.h"

struct context;

/* Somebody who goes through the list and gives the lock back now and then. */
struct registry_walk {
    struct segment *next, *last; /* what comes later than the walk began is not visited */
    struct registry_walk *other;
};

struct registry {
    struct segment *first, *last; /* the oldest first */
    struct segment *draining;     /* unlinked, with views when they were looked at */
    struct registry_walk *walks;
    struct usage usage; /* by both */
};

/* May there be this one more? */
bool shs__registry_has_room(struct context *context, const struct segment *segment);

/* Let the handles of a table, and its addresses, lead to the segment. On failure it is still the caller's. */
shs_status shs__registry_add(struct context *context, struct segment *segment, struct handle_table *table);

/* Let nobody find it any more. Deferred while somebody holds it. */
void shs__registry_unlink(struct context *context, struct segment *segment);

/* Let its addresses lead to a segment that is to replace another one. On failure nothing has changed. Under the lock,
 * as is: let the handles of that one lead to it; nobody finds the old one any more. */
bool shs__registry_prepare(struct context *context, struct segment *other);
void shs__registry_replace(struct context *context, struct segment *old, struct segment *other);

/* Let a third process's mapping that was unlinked, and is not yet reclaimed, be found again. */
shs_status shs__registry_relink(struct context *context, struct segment *segment, struct peer *peer);

/* Nobody allocates in it any more; its numbers are given out again only when no block is left. */
void shs__registry_retire(struct context *context, struct segment *segment);

/* End a hold on a segment: what was deferred is done with the last. */
void shs__registry_end_hold(struct context *context, struct segment *segment);

/* The same, and what follows from it. Without the lock. */
void shs__registry_let_go(struct context *context, struct segment *segment);

/* Map the segment of a handle of this process for reading, and let views for reading be found. Without the lock. */
shs_status shs__registry_map_reading(struct context *context, shs_handle handle);

/* Reclaim segments whose last view was given back while they drained. Without the lock. */
void shs__registry_drain(struct context *context);

/*
 * Visit every segment, the oldest first, until a visit says false. visit() is called under the lock, which is given
 * back between a few visits; it may unlink what it visits. Without the lock.
 */
typedef bool registry_visit(struct context *context, struct segment *segment, void *argument);
void shs__registry_each(struct context *context, registry_visit *visit, void *argument);

/* Is there something that came by a connection, and never held a block? Without the lock. */
bool shs__registry_awaits_block(struct context *context, uint64_t connection);

/* Visits: retire what came by a connection, when it ends (argument: its uint64_t serial); or make orphans of it, when
 * the connection makes room for another; end every handle of this process, when the library stops. */
registry_visit shs__registry_retire_given, shs__registry_orphan_given, shs__registry_end_handles;

#endif
