/*
 * From the index of a handle to the segment that has it.
 *
 * A process has one table for the blocks that live in it, and a small one for each peer whose segments it knows. Every
 * call on a block reads one, without a lock, inside its reader; it is changed under the context's lock. Leaves are made
 * where they are wanted; one that leads nowhere any more is freed after a grace period.
 */
#ifndef SHSHARED_BLOCK_HANDLE_TABLE_H
#define SHSHARED_BLOCK_HANDLE_TABLE_H

#include <stdatomic.h>
#include <stddef.h>

#include "block/handle.h"
#include "rcu/rcu.h"

#define LEAF_BITS 9
#define LEAF_COUNT (1u << LEAF_BITS)

struct segment;

struct handle_leaf {
    _Atomic(struct segment *) segments[LEAF_COUNT];
    uint32_t used; /* those that are not NULL; under the lock */
    struct rcu_item item;
};

struct handle_table {
    _Atomic(struct handle_leaf *) leaves[INDEX_COUNT / LEAF_COUNT];
};

static inline struct segment *handle_table_find(struct handle_table *table, uint32_t index) {
    struct handle_leaf *leaf = atomic_load(&table->leaves[index >> LEAF_BITS]);
    return leaf == NULL ? NULL : atomic_load(&leaf->segments[index & (LEAF_COUNT - 1)]);
}

/* Let a range of indexes lead to a segment, over whatever they led to. False without memory: then nothing changed. */
bool shs__handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment);

/* Let them lead nowhere, where they still lead to this segment. The memory of leaves is deferred to rcu. */
void shs__handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count, const struct segment *segment,
                              struct rcu *rcu);

/* Free the leaves: nobody reads the table any more. */
void shs__handle_table_clear(struct handle_table *table);

#endif
