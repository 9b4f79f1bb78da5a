/*
 * Handle tables: two levels, changed in place. See handle_table.h.
 */
#include "block/handle_table.h"

#include <stdlib.h>

static struct handle_leaf *leaf_for(struct handle_table *table, uint32_t index) {
    _Atomic(struct handle_leaf *) *place = &table->leaves[index >> LEAF_BITS];
    struct handle_leaf *leaf = atomic_load(place);
    if (leaf != NULL) return leaf;
    leaf = calloc(1, sizeof *leaf);
    if (leaf != NULL) atomic_store(place, leaf);
    return leaf;
}

static void set_entry(struct handle_leaf *leaf, uint32_t index, struct segment *segment) {
    _Atomic(struct segment *) *entry = &leaf->segments[index & (LEAF_COUNT - 1)];
    leaf->used += atomic_load(entry) == NULL ? 1 : 0;
    leaf->used -= segment == NULL ? 1 : 0;
    atomic_store(entry, segment);
}

/* Without memory, leaves may be left that lead nowhere yet. */
bool shs__handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment) {
    for (uint32_t i = base >> LEAF_BITS; i <= (base + count - 1) >> LEAF_BITS; i++) {
        if (leaf_for(table, i << LEAF_BITS) == NULL) return false;
    }
    for (uint32_t i = base; i < base + count; i++)
        set_entry(leaf_for(table, i), i, segment);
    return true;
}

static void free_leaf(struct rcu_item *item, void *unused) {
    (void)unused;
    free((char *)item - offsetof(struct handle_leaf, item));
}

/* Take a leaf off that leads nowhere. */
static void prune(struct handle_table *table, uint32_t index, struct rcu *rcu) {
    struct handle_leaf *leaf = atomic_load(&table->leaves[index >> LEAF_BITS]);
    if (leaf->used > 0) return;
    atomic_store(&table->leaves[index >> LEAF_BITS], NULL);
    shs__rcu_defer(rcu, &leaf->item, free_leaf);
}

void shs__handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count, const struct segment *segment,
                              struct rcu *rcu) {
    for (uint32_t i = base; i < base + count; i++) {
        if (handle_table_find(table, i) != segment) continue;
        set_entry(leaf_for(table, i), i, NULL);
        prune(table, i, rcu);
    }
}

void shs__handle_table_clear(struct handle_table *table) {
    for (uint32_t i = 0; i < INDEX_COUNT / LEAF_COUNT; i++)
        free(atomic_exchange(&table->leaves[i], NULL));
}
