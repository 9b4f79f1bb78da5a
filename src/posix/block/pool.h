/*
 * A pool: where the giver finds room for its next block in one owner. Free lists of segments by size class.
 *
 * Blocks of up to 64 KiB share segments by size class (powers of 4); each new segment of a class has twice the slots of
 * the one before. A segment is on lease to one thread, or in the list of its class. A larger block, or every block when
 * pages of its own are wanted, has a segment to itself, which is used again for the next of about its size.
 *
 * There is one for blocks of the process's own (context.h) and one for each peer (peer.h). Lists are kept under the
 * context's lock; a thread takes slots of its lease without it.
 */
#ifndef SHSHARED_BLOCK_POOL_H
#define SHSHARED_BLOCK_POOL_H

#include "block/segment.h"

#define CLASS_SMALLEST 64u
#define CLASS_SHIFT 2 /* from one class to the next */
#define CLASS_SINGLE 6u
#define CLASS_LARGEST ((uint64_t)CLASS_SMALLEST << (CLASS_SHIFT * (CLASS_SINGLE - 1)))

struct pool {
    struct segment *first[CLASS_SINGLE], *last[CLASS_SINGLE]; /* not on lease, the longest first */
    uint32_t slots[CLASS_SINGLE];                             /* of the newest segment */
    struct segment *singles;                                  /* the latest used first */
};

/* The class for a block. */
uint32_t shs__pool_class(uint64_t size, bool own_pages);

/* The shape of the pool's next segment of a class. False when the size cannot be had. */
bool shs__pool_shape(const struct pool *pool, uint32_t size_class, uint64_t size, struct geometry *geometry);

/* A new segment: a single one for its first block, or a shared one that goes on lease. */
void shs__pool_add(struct pool *pool, struct segment *segment);

/* A segment with enough vacant slots, NULL when it is better to make one; and back when its lease ends. */
struct segment *shs__pool_get(struct pool *pool, uint32_t size_class);
void shs__pool_put(struct segment *segment);

/* A vacant single segment for a block of this size; the caller holds it while it is filled. */
struct segment *shs__pool_get_single(struct pool *pool, uint64_t size);

void shs__pool_remove(struct segment *segment);

/* The leaseholder's next vacant slot and the word that it saw there. False when the lease is used up. Needs no lock. */
bool shs__pool_take(struct segment *segment, uint32_t *slot, uint32_t *word);

#endif
