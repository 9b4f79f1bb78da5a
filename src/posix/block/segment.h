/*
 * Segments: a memory object as this process has it mapped, with the slots in it.
 *
 * A segment belongs to one pair, the process that allocates in it and the owner; third processes come to know it. Its
 * object starts with the state words and sizes of all slots, mapped apart from the data. Geometry and this process's
 * own counts are private; of the shared part nothing is believed but which block a word names. The data has a second,
 * read-only mapping for views for reading.
 *
 * This file knows one segment. Which segments there are, and when one goes, is the matter of holdings.h.
 */
#ifndef SHSHARED_BLOCK_SEGMENT_H
#define SHSHARED_BLOCK_SEGMENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "block/slot.h"

struct peer;
struct reader;
struct context;

#define SEGMENT_SLOTS_MOST 1024u
#define SEGMENT_ALIGNMENT 64u

struct geometry {
    uint32_t count;  /* slots; 1, or a power of two */
    uint64_t stride; /* bytes from one to the next; a power of two where there are several */
    uint64_t offset; /* of slot 0 in the object of the data */
};

/* What this process is to the segment. */
enum segment_role {
    SEGMENT_OWN,   /* allocator and owner */
    SEGMENT_GIVEN, /* allocator, in a peer */
    SEGMENT_TAKEN, /* owner of what a peer allocates, or of one block mapped here */
    SEGMENT_KNOWN  /* a third process */
};

struct slot_size {
    _Atomic uint32_t low, high;
};

struct segment {
    struct geometry geometry;
    enum segment_role role;
    uint32_t base; /* handle index of slot 0, in the owner */
    shs_pid owner, giver;
    uint32_t presence; /* of this process, SLOT_PRESENT_NOBODY for a third */
    bool writable;
    unsigned shift; /* of stride; 0 where there is one slot */

    slot_word *words;
    struct slot_size *sizes;
    _Atomic(unsigned char *) data;         /* slot 0 for reading and writing; NULL when that is not allowed */
    _Atomic(unsigned char *) data_reading; /* slot 0 for reading; NULL until it is wanted */
    _Atomic uint32_t *views;               /* this process's locks of each slot */
    int words_fd, data_fd;                 /* kept by the owner alone; may be one descriptor */

    /* Kept by the allocator's thread that has it on lease. */
    uint32_t cursor, vacant;

    /* Kept by holdings.c and pool.c, under the world's lock. */
    struct segment *next, *previous; /* in the holdings, or among those that leave */
    struct segment *next_pooled;     /* in its pool */
    struct peer *peer;               /* GIVEN, KNOWN */
    uint64_t connection;             /* TAKEN: the connection that gave it */
    uint32_t size_class;             /* of its pool */
    struct reader *leaseholder;      /* allocates in it */
    bool filling;                    /* a thread outside its gate writes a block */
    bool unlink_pending;             /* to be forgotten when that is done */
    bool pooled;                     /* in the list of its pool */
    bool retired;                    /* nobody allocates in it any more */
    uint32_t idle;                   /* rounds of the sweep without a block */
    uint32_t word_seen;
    _Atomic bool draining; /* cannot be found any more; goes when its last view does */
};

/* Bytes of the words and sizes, which come first in the object; whole pages. */
uint64_t segment_head(uint32_t count);

/* Bytes that the data's object must have. */
uint64_t segment_extent(const struct geometry *geometry);

/* Can a segment look like this? For what a peer says; split where words and data are two objects. */
bool geometry_is_sane(const struct geometry *geometry, bool split);

/* Make the object for a segment: reserved, holding data (or zeros) in slot 0 where there is one slot, sealed. */
shs_status segment_make(const struct geometry *geometry, const void *data, uint64_t size, int *fd);

/*
 * Map a segment. The descriptors become the segment's, on failure too; data_fd may be the same as words_fd. Only the
 * owner keeps them open; the others map for reading at once.
 */
shs_status segment_open(const struct geometry *geometry, enum segment_role role, bool writable, int words_fd,
                        int data_fd, struct segment **segment);
void segment_close(struct segment *segment);

/* In a forked child: unmap an inherited segment, unless a view of it was inherited too. */
void segment_abandon(struct segment *segment);

/* Map the data for reading. Locks lead there only when it is shown. Under the world's lock. */
shs_status segment_map_reading(const struct segment *segment, unsigned char **first);
void segment_show_reading(struct segment *segment, unsigned char *first);

/* The mappings of its data: address and length, 0 where there is none. */
struct segment_span {
    uintptr_t address;
    uint64_t length;
};
struct segment_span segment_span(const struct segment *segment, shs_access access);
struct segment_span segment_span_at(const struct segment *segment, const unsigned char *first);

/* Locks. SHS_E_UNSUPPORTED: the mapping for reading is wanted first. All inside a gate. */
shs_status segment_lock(struct segment *segment, uint32_t index, uint32_t generation, shs_access access, void **view);
shs_status segment_unlock(struct segment *segment, const void *view);
shs_status segment_view_size(const struct segment *segment, const void *view, size_t *size);

/* unlock in a forked child: its own count only, the words belong to the parent. */
shs_status segment_unlock_inherited(struct segment *segment, const void *view);

/* free; and the mark that lets another process keep the memory for good. */
shs_status segment_free(struct segment *segment, uint32_t index, uint32_t generation);
shs_status segment_pass_on(struct segment *segment, uint32_t index, uint32_t generation);

bool segment_has_views(const struct segment *segment);
bool segment_is_live(const struct segment *segment);

/* Bytes of the block in a slot: what its word's neighbour says, and never more than the slot has. */
uint64_t segment_size(const struct segment *segment, uint32_t slot);
void segment_set_size(struct segment *segment, uint32_t slot, uint64_t size);

#endif
