/*
 * Handle tables: trees of nodes, changed in place. See handle_table.h.
 */
#include "block/handle_table.h"

#include <stdlib.h>

/* Let one of a node's entries, its place, lead to this. */
static void set_place(struct handle_node *node, _Atomic(void *) *place, void *entry) {
    node->used += atomic_load(place) == NULL ? 1 : 0;
    node->used -= entry == NULL ? 1 : 0;
    atomic_store(place, entry);
}

/* The node at a place of another, made where there is none; NULL without memory. */
static struct handle_node *node_at(struct handle_node *above, _Atomic(void *) *place) {
    struct handle_node *node = atomic_load(place);
    if (node != NULL) return node;
    node = calloc(1, sizeof *node);
    if (node != NULL) set_place(above, place, node);
    return node;
}

static struct handle_node *leaf_for(struct handle_table *table, uint32_t index) {
    struct handle_node *const branch = node_at(&table->root, handle_table_branch(table, index));
    return branch == NULL ? NULL : node_at(branch, handle_node_leaf(branch, index));
}

/* Without memory, nodes may be left that lead nowhere yet. */
bool shs__handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment) {
    for (uint32_t i = base / LEVEL_COUNT; i <= (base + count - 1) / LEVEL_COUNT; i++) {
        if (leaf_for(table, i * LEVEL_COUNT) == NULL) return false;
    }
    for (uint32_t i = base; i < base + count; i++) {
        struct handle_node *const leaf = leaf_for(table, i);
        set_place(leaf, handle_node_segment(leaf, i), segment);
    }
    return true;
}

static void free_node(struct rcu_item *item, void *unused) {
    (void)unused;
    free((char *)item - offsetof(struct handle_node, item));
}

/* Take the node at a place of another off, if it leads nowhere. */
static void prune(struct handle_node *above, _Atomic(void *) *place, struct rcu *rcu) {
    struct handle_node *const node = atomic_load(place);
    if (node->used > 0) return;
    set_place(above, place, NULL);
    shs__rcu_defer(rcu, &node->item, free_node);
}

static void remove_one(struct handle_table *table, uint32_t index, struct rcu *rcu) {
    struct handle_node *const branch = atomic_load(handle_table_branch(table, index));
    struct handle_node *const leaf = atomic_load(handle_node_leaf(branch, index));
    set_place(leaf, handle_node_segment(leaf, index), NULL);
    prune(branch, handle_node_leaf(branch, index), rcu);
    prune(&table->root, handle_table_branch(table, index), rcu);
}

void shs__handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count, const struct segment *segment,
                              struct rcu *rcu) {
    for (uint32_t i = base; i < base + count; i++) {
        if (handle_table_find(table, i) == segment) remove_one(table, i, rcu);
    }
}

void shs__handle_table_clear(struct handle_table *table) {
    for (uint32_t i = 0; i < INDEX_COUNT; i += LEVEL_COUNT * LEVEL_COUNT) {
        struct handle_node *const branch = atomic_exchange(handle_table_branch(table, i), NULL);
        for (uint32_t leaf = 0; branch != NULL && leaf < LEVEL_COUNT; leaf++)
            free(atomic_load(&branch->entries[leaf]));
        free(branch);
    }
    table->root.used = 0;
}
