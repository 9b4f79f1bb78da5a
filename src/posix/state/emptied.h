/*
 * Emptied segments: those of this process that have lost their last block, of which the others that have them mapped
 * are to be told, as they may do nothing by themselves meanwhile.
 *
 * Put down by whoever learns of it (trim.c), taken by the server, which has the connections to the others. What finds
 * no room here is not told: whoever has it mapped sees it when it looks by itself. Under the context's lock.
 */
#ifndef SHSHARED_STATE_EMPTIED_H
#define SHSHARED_STATE_EMPTIED_H

#include "block/segment.h"

struct context;

struct emptied_notice {
    struct emptied_notice *next;
    uint32_t base; /* the segment's */
    unsigned count;
    uint64_t connections[SLOT_THIRDS + 1]; /* of those that are to be told */
};

struct emptied_queue {
    struct emptied_notice *first, *last;
    unsigned count;
};

/* Have the server tell everyone who has the segment, but the one that said so by this connection, 0 for nobody. */
void shs__emptied_add(struct context *context, const struct segment *segment, uint64_t teller);

/* The oldest, for the caller to free; NULL when there is none. Takes the lock. */
struct emptied_notice *shs__emptied_take(struct context *context);

#endif
