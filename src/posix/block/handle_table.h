/*
 * From the index of a handle to the segment that has it.
 *
 * A process has one table for the blocks that live in it, and one for each peer whose segments it knows: a tree of
 * three levels, whose nodes are made where they are wanted, so that a peer with one segment costs 1.6 KiB. Every call
 * on a block reads one, without a lock, inside its reader; it is changed under the context's lock. A node that leads
 * nowhere any more is freed after a grace period.
 */
#ifndef SHSHARED_BLOCK_HANDLE_TABLE_H
#define SHSHARED_BLOCK_HANDLE_TABLE_H

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

#include "block/handle.h"
#include "rcu/rcu.h"

#define LEVEL_BITS 6
#define LEVEL_COUNT (1u << LEVEL_BITS)

static_assert(INDEX_BITS == 3 * LEVEL_BITS, "a table has three levels");

struct segment;

struct handle_node {
    _Atomic(void *) entries[LEVEL_COUNT]; /* of a leaf: segments; of a branch: leaves */
    uint32_t used;                        /* those that are not NULL; under the lock */
    struct rcu_item item;
};

struct handle_table {
    struct handle_node root; /* of branches */
};

static inline _Atomic(void *) *handle_table_branch(struct handle_table *table, uint32_t index) {
    return &table->root.entries[index >> (2 * LEVEL_BITS)];
}

static inline _Atomic(void *) *handle_node_leaf(struct handle_node *branch, uint32_t index) {
    return &branch->entries[(index >> LEVEL_BITS) % LEVEL_COUNT];
}

static inline _Atomic(void *) *handle_node_segment(struct handle_node *leaf, uint32_t index) {
    return &leaf->entries[index % LEVEL_COUNT];
}

static inline struct segment *handle_table_find(struct handle_table *table, uint32_t index) {
    struct handle_node *const branch = atomic_load(handle_table_branch(table, index));
    struct handle_node *const leaf = branch == NULL ? NULL : atomic_load(handle_node_leaf(branch, index));
    return leaf == NULL ? NULL : atomic_load(handle_node_segment(leaf, index));
}

/* Let a range of indexes lead to a segment, over whatever they led to. False without memory: then nothing changed. */
bool shs__handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment);

/* Let them lead nowhere, where they still lead to this segment. The memory of nodes is deferred to rcu. */
void shs__handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count, const struct segment *segment,
                              struct rcu *rcu);

/* Free the nodes: nobody reads the table any more. */
void shs__handle_table_clear(struct handle_table *table);

#endif
