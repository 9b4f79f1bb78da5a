/*
 * A segment: one shared-memory object as this process has it mapped, with the slots in it.
 *
 * Its object starts with the state words, sizes and third words of all slots and the segment's noted word, mapped apart
 * from the data. Geometry and view counts are private; of the shared part nothing is believed but which block a word
 * names. The data has a second, read-only mapping for views for reading.
 *
 * The noted word is 1 while everyone who has it mapped counts the segment among those that hold no block
 * (state/kept.h), or is being told to: so only the first of many times that it loses its last block costs anything.
 * Whoever finds a block in it, and so counts it no longer, makes it 0, and then looks once more.
 *
 * A segment belongs to one pair: the giver, which alone allocates in it, and the owner; third processes come to know
 * it. This file knows one segment, and nothing of the process or of others: which segments there are is the matter of
 * state/registry.h, which keeps its own fields here.
 */
#ifndef SHSHARED_BLOCK_SEGMENT_H
#define SHSHARED_BLOCK_SEGMENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "block/slot.h"
#include "rcu/rcu.h"
#include "status.h"

struct handle_table;
struct peer;
struct pool;
struct third_grant;
struct thread;

#define SEGMENT_SLOTS_MOST 1024u
#define SEGMENT_SHARED_MOST ((uint64_t)SEGMENT_SLOTS_MOST << 12) /* bytes of the slots, where there are several */
#define SEGMENT_ALIGNMENT 64u

struct geometry {
    uint32_t count;  /* slots; 1, or a power of two */
    uint64_t stride; /* bytes from one to the next; a power of two where there are several */
    uint64_t offset; /* of slot 0 in the object of the data */
};

/* Data that starts at this offset: is nothing before it in its object, as words and other blocks would be? Such a block
 * is apart, and it alone can go to a process of another user. */
static inline bool data_is_apart(uint64_t offset) { return offset == 0; }

/* What this process is to the segment. */
enum segment_role {
    SEGMENT_OWN,   /* giver and owner */
    SEGMENT_GIVER, /* the owner is a peer */
    SEGMENT_OWNER, /* the giver is a peer; or one block of another segment was imported here */
    SEGMENT_THIRD
};

struct slot_size {
    _Atomic uint32_t low, high;
};

struct segment {
    struct geometry geometry;
    enum segment_role role;
    uint32_t base; /* handle index of slot 0, in the owner */
    shs_pid owner, giver;
    uint32_t presence;  /* this process's bit in the state words; 0 for a third process */
    uint32_t third_bit; /* THIRD: its bit in the third words, by the owner's number; 0: it has none */
    bool writable;
    bool abandoned;        /* in a forked child */
    _Atomic bool draining; /* unlinked; reclaimed when its last view is given back. THIRD: or linked again before */
    unsigned shift;        /* of stride; 0 where there is one slot */

    slot_word *words;
    struct slot_size *sizes;
    slot_word *thirds;
    slot_word *noted;
    _Atomic(unsigned char *) data;         /* slot 0 for reading and writing; NULL when that is not allowed */
    _Atomic(unsigned char *) data_reading; /* slot 0 for reading; NULL until it is wanted */
    _Atomic uint32_t *views;               /* this process's view count of each slot */

    /* Of the thread that has it on lease. */
    uint32_t cursor, vacant;

    _Atomic uint32_t live; /* the slot where a block was seen last */
    int words_fd, data_fd; /* kept by the owner alone; may be one descriptor */
    bool borrows;          /* that is somebody else's */
    _Atomic bool shared;   /* OWNER: others have seen its memory, or may have */
    _Atomic bool moving;   /* its blocks go elsewhere (state/compaction.h) */

    /* Of pool.c, under the context's lock. */
    struct pool *pool; /* of the giver; NULL elsewhere */
    struct segment *next_pooled, *previous_pooled;
    uint32_t size_class;
    bool pooled;                /* in the list of its pool */
    struct thread *leaseholder; /* allocates in it */

    /* Of state/registry.c, under the context's lock. */
    struct segment *next, *previous;
    struct handle_table *table; /* where its handles lead to it */
    struct peer *peer;          /* GIVER, THIRD: the owner */
    struct segment *next_of_peer, *previous_of_peer;
    struct third_grant *grant;     /* THIRD: what this process has of the owner */
    struct segment *next_unlinked; /* in the grant's list */
    uint32_t lookers;              /* OWN, OWNER: numbers of third processes that looked it up */
    uint64_t identity;             /* of the object, among all that there are */
    uint64_t connection;           /* OWNER: by which it was given */
    uint32_t holds;                /* threads that work on it outside a reader: it is not unlinked meanwhile */
    bool unlink_pending;           /* but when the last of them is done */
    bool retired;                  /* nobody allocates in it any more */
    struct arena *arena;           /* where it was moved to; NULL: nowhere */
    uint64_t compacted;            /* the round in which that was tried */
    bool orphan;                   /* OWNER: its connection made room for another; retired when it holds no block */
    uint32_t idle;                 /* rounds of housekeeping without a block */
    uint32_t word_seen;
    bool awaited;       /* its grace period is not over */
    bool awaited_again; /* it was found meanwhile, and unlinked: it needs another one */
    bool drains;        /* in the list of those that drain */
    bool kept;          /* in the list of state/kept.h */
    struct segment *next_kept, *previous_kept;
    struct rcu_item item;
};

/* Does it hold blocks of this process, whoever gave them? */
static inline bool segment_is_owned(const struct segment *segment) {
    return segment->role == SEGMENT_OWN || segment->role == SEGMENT_OWNER;
}

/* Bytes of the words, sizes, third words and the noted word, which come first in the object; whole pages. */
uint64_t shs__segment_head(uint32_t count);

/* Bytes that the data's object must have. */
uint64_t shs__segment_extent(const struct geometry *geometry);

/* Can a segment look like this? For what a peer says; split where words and data are two objects. Otherwise the words
 * come before the data, and both begin anywhere. */
bool shs__geometry_is_sane(const struct geometry *geometry, bool split);

/* Make the object for a segment: with data (or zeros) in slot 0 where there is one slot. */
shs_status shs__segment_make_object(const struct geometry *geometry, const void *data, uint64_t size, int *fd);

/* Make the object for the words of a block whose data is apart. */
shs_status shs__segment_make_words(int *fd);

/* What shs__segment_open() maps; data_fd may be the same as words_fd, or there are no words yet (-1). */
struct segment_source {
    struct geometry geometry;
    enum segment_role role;
    bool writable;
    int words_fd, data_fd;
    bool borrows; /* the descriptor, which stays open as long as the segment is found */
};

/* Close the descriptors of a source that is not opened. */
void shs__segment_close_source(const struct segment_source *source);

/*
 * Map a segment. The descriptors become the segment's, on failure too. The owner keeps them open, the giver until the
 * owner has them, a third process not at all; the latter two map for reading at once.
 */
shs_status shs__segment_open(const struct segment_source *source, struct segment **segment);
void shs__segment_close(struct segment *segment);

/* Map the words that the owner gave; fd is taken over, on failure too. */
shs_status shs__segment_take_words(struct segment *segment, int fd);

/* Nobody asks for the segment any more: what is mapped stays. */
void shs__segment_close_descriptors(struct segment *segment);

/* Before a fork: what this process has views of is not used again, as a child will have them too, and no trace of its
 * own. */
void shs__segment_retire_viewed(struct segment *segment);

/* In a forked child: unmap what nobody views of an inherited segment, once. In inherited.c. */
void shs__segment_abandon(struct segment *segment);

void shs__segment_unmap(struct segment *segment);

/* A mapping of its data: address and length, 0 where there is none. */
struct segment_span {
    uintptr_t address;
    uint64_t length;
};
struct segment_span shs__segment_span(const struct segment *segment, shs_access access);
struct segment_span shs__segment_span_at(const struct segment *segment, const unsigned char *first);

/* Map the data for reading. Locks lead there only when it is shown. */
shs_status shs__segment_map_reading(const struct segment *segment, unsigned char **first);
void shs__segment_show_reading(struct segment *segment, unsigned char *first);

bool shs__segment_has_views(const struct segment *segment);

/* Has it a block? Where it has, the noted word is made 0 by shs__segment_is_in_use(): whoever frees the last one says
 * so. */
bool shs__segment_is_live(struct segment *segment);
bool shs__segment_is_in_use(struct segment *segment);

/* After a block was freed: was it the last, and does nobody know yet? */
static inline bool segment_is_emptied(struct segment *segment) {
    return atomic_load(segment->noted) == 0 && !shs__segment_is_live(segment);
}

/* Has it a block in a slot that is retired? Somebody keeps its memory: a child, or another handle. */
bool shs__segment_has_retired_block(const struct segment *segment);

/* What the words say of a slot now: may the giver put a new block there? seen is its state word. */
bool shs__segment_is_vacant(const struct segment *segment, uint32_t slot, uint32_t *seen);

/* Is any slot vacant? */
bool shs__segment_has_room(const struct segment *segment);

/* Take the views of third processes that have died off every slot, by the bits of their numbers. */
void shs__segment_release_thirds(struct segment *segment, uint32_t bits);

/* And of all third processes without a number, when none is left. */
void shs__segment_forgive_unnumbered(struct segment *segment);

/* Can no block ever be allocated in it again? */
bool shs__segment_is_retired(const struct segment *segment);

/* Bytes of the block in a slot: what its word's neighbour says, and never more than the slot has. */
static inline uint64_t segment_size(const struct segment *segment, uint32_t slot) {
    const struct slot_size *size = &segment->sizes[slot];
    const uint64_t told = (uint64_t)atomic_load_explicit(&size->high, memory_order_relaxed) << 32 |
                          atomic_load_explicit(&size->low, memory_order_relaxed);
    return told < segment->geometry.stride ? told : segment->geometry.stride;
}

void shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size);

#endif
