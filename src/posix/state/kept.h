/*
 * Kept segments: those that hold no block, and are mapped for the next one; the longest first.
 *
 * A segment comes in when its last block is freed, here or elsewhere (trim.c), and may stay in while it is used again:
 * what is counted is never less than what is kept. Under the context's lock.
 */
#ifndef SHSHARED_STATE_KEPT_H
#define SHSHARED_STATE_KEPT_H

#include "block/segment.h"

struct kept {
    struct segment *first, *last;
    uint32_t count;
    uint64_t bytes; /* that are mapped for them */
};

/* At the end of the list. */
void shs__kept_add(struct kept *kept, struct segment *segment);

/* Nothing is done where it is not in. */
void shs__kept_remove(struct kept *kept, struct segment *segment);

#endif
