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

bool shs__handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment) {
    for (uint32_t i = base >> LEAF_BITS; i <= (base + count - 1) >> LEAF_BITS; i++) {
        if (leaf_for(table, i << LEAF_BITS) == NULL) return false;
    }
    for (uint32_t i = base; i < base + count; i++) {
        atomic_store(&leaf_for(table, i)->segments[i & (LEAF_COUNT - 1)], segment);
    }
    return true;
}

void shs__handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count,
                              const struct segment *segment) {
    for (uint32_t i = base; i < base + count; i++) {
        if (handle_table_find(table, i) == segment)
            atomic_store(&leaf_for(table, i)->segments[i & (LEAF_COUNT - 1)], NULL);
    }
}

void shs__handle_table_clear(struct handle_table *table) {
    for (uint32_t i = 0; i < INDEX_COUNT / LEAF_COUNT; i++)
        free(atomic_exchange(&table->leaves[i], NULL));
}
