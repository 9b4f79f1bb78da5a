/*
 * Handles: what their numbers mean, and which segment a number leads to.
 *
 * A handle is generation << 20 | index << 2. A table leads from an index to the segment that has it; it is read without
 * a lock, inside a gate (thread.h), and changed under the world's lock. A process has one for the blocks that live in
 * it, and a small one for each peer whose segments it knows. The owner also gives the indexes out, in ranges, and
 * remembers each one's last generation, so that a handle of an earlier segment means nothing in the next.
 */
#ifndef SHSHARED_BLOCK_HANDLE_TABLE_H
#define SHSHARED_BLOCK_HANDLE_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block/slot.h"

#define INDEX_BITS 18
#define INDEX_COUNT (1u << INDEX_BITS)
#define LEAF_BITS 9
#define LEAF_COUNT (1u << LEAF_BITS)

struct segment;

static inline uint32_t handle_make(uint32_t index, uint32_t generation) {
    return generation << (INDEX_BITS + 2) | index << 2;
}
/* Could a number that a peer says be a handle? */
static inline bool handle_is_sane(uint32_t handle) { return handle != 0 && (handle & 3u) == 0 && handle >> 31 == 0; }

static inline uint32_t handle_index(uint32_t handle) { return (handle >> 2) & (INDEX_COUNT - 1); }
static inline uint32_t handle_generation(uint32_t handle) { return handle >> (INDEX_BITS + 2); }

struct handle_leaf {
    _Atomic(struct segment *) segments[LEAF_COUNT];
};

struct handle_table {
    _Atomic(struct handle_leaf *) leaves[INDEX_COUNT / LEAF_COUNT];
};

static inline struct segment *handle_table_find(struct handle_table *table, uint32_t index) {
    struct handle_leaf *leaf = atomic_load(&table->leaves[index >> LEAF_BITS]);
    return leaf == NULL ? NULL : atomic_load(&leaf->segments[index & (LEAF_COUNT - 1)]);
}

/* Let a range of indexes lead to a segment, over whatever they led to. False without memory: then nothing changed. */
bool handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment);

/* Let them lead nowhere, where they still lead to this segment. */
void handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count, const struct segment *segment);

void handle_table_clear(struct handle_table *table);

/* The owner's numbers. */
struct handle_numbers {
    uint32_t cursor;
    uint32_t seed;
    uint32_t used[INDEX_COUNT / 32];
    uint16_t generations[INDEX_COUNT]; /* last generation of an index; 0: never used */
};

/* A range of free indexes; count is a power of two. False when there is none. */
bool handle_numbers_take(struct handle_numbers *numbers, uint32_t count, uint32_t *base);
void handle_numbers_give(struct handle_numbers *numbers, uint32_t base, uint32_t count);

/* The generation from which an index goes on. */
uint32_t handle_numbers_generation(const struct handle_numbers *numbers, uint32_t index);
void handle_numbers_remember(struct handle_numbers *numbers, uint32_t index, uint32_t generation);

#endif
