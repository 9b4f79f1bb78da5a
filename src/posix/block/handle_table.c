/*
 * Handle tables and the owner's numbers. See handles.h.
 *
 * Ranges are given out going round, aligned to their size: the longest way to a number that is used again, and ranges
 * of all sizes fit together without gaps.
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

bool handle_table_insert(struct handle_table *table, uint32_t base, uint32_t count, struct segment *segment) {
    for (uint32_t i = base >> LEAF_BITS; i <= (base + count - 1) >> LEAF_BITS; i++) {
        if (leaf_for(table, i << LEAF_BITS) == NULL) return false;
    }
    for (uint32_t i = base; i < base + count; i++) {
        atomic_store(&leaf_for(table, i)->segments[i & (LEAF_COUNT - 1)], segment);
    }
    return true;
}

void handle_table_remove(struct handle_table *table, uint32_t base, uint32_t count, const struct segment *segment) {
    for (uint32_t i = base; i < base + count; i++) {
        if (handle_table_find(table, i) == segment)
            atomic_store(&leaf_for(table, i)->segments[i & (LEAF_COUNT - 1)], NULL);
    }
}

void handle_table_clear(struct handle_table *table) {
    for (uint32_t i = 0; i < INDEX_COUNT / LEAF_COUNT; i++)
        free(atomic_exchange(&table->leaves[i], NULL));
}

/* Is the aligned range free? Ranges of 32 and more fill whole words. */
static uint32_t range_mask(uint32_t base, uint32_t count) {
    return count >= 32 ? UINT32_MAX : ((UINT32_C(1) << count) - 1u) << (base % 32);
}

static bool range_is_free(const struct handle_numbers *numbers, uint32_t base, uint32_t count) {
    const uint32_t mask = range_mask(base, count);
    for (uint32_t i = base; i < base + count; i += 32) {
        if ((numbers->used[i / 32] & mask) != 0) return false;
    }
    return true;
}

bool handle_numbers_take(struct handle_numbers *numbers, uint32_t count, uint32_t *base) {
    uint32_t at = (numbers->cursor + count - 1) / count * count % INDEX_COUNT;
    for (uint32_t tried = 0; tried < INDEX_COUNT; tried += count, at = (at + count) % INDEX_COUNT) {
        if (!range_is_free(numbers, at, count)) continue;
        for (uint32_t i = at; i < at + count; i += 32)
            numbers->used[i / 32] |= range_mask(at, count);
        numbers->cursor = (at + count) % INDEX_COUNT;
        *base = at;
        return true;
    }
    return false;
}

void handle_numbers_give(struct handle_numbers *numbers, uint32_t base, uint32_t count) {
    for (uint32_t i = base; i < base + count; i += 32)
        numbers->used[i / 32] &= ~range_mask(base, count);
}

uint32_t handle_numbers_generation(const struct handle_numbers *numbers, uint32_t index) {
    const uint32_t last = numbers->generations[index];
    return last != 0 ? last : (numbers->seed + index * UINT32_C(2654435761)) >> (32 - GENERATION_BITS);
}

void handle_numbers_remember(struct handle_numbers *numbers, uint32_t index, uint32_t generation) {
    numbers->generations[index] = (uint16_t)generation;
}
