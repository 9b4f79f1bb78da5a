/*
 * What blocks live in this process. See block_list.h.
 *
 * It goes through the handles, a leaf of the table at a time, and leaves its reader in between: a list may have
 * hundreds of thousands of entries, and nobody is to wait for a grace period meanwhile.
 */
#include "state/block_list.h"

#include "state/context.h"

static void describe(const struct segment *segment, uint32_t index, uint32_t word, struct shs_block_info *block) {
    const uint32_t slot = index - segment->base;
    *block = (struct shs_block_info){
        .size = segment_size(segment, slot),
        .handle = handle_make(index, slot_generation(word)),
        .giver = segment->giver,
        .writable = segment->writable,
        .viewers = slot_viewers(word, atomic_load(&segment->thirds[slot])),
    };
}

/* What was found so far, and where it goes. */
struct list {
    struct shs_block_info *blocks;
    size_t capacity, found;
};

/* Of the handle with this index, and its segment; 0 without one. */
static uint32_t word_of(struct handle_table *table, uint32_t index, const struct segment **segment) {
    for (;;) {
        *segment = handle_table_find(table, index);
        const uint32_t word = *segment == NULL ? 0 : atomic_load(&(*segment)->words[index - (*segment)->base]);
        if (*segment == NULL || (word & SLOT_LIVE) != 0 || !compaction_moves(table, index, *segment)) return word;
    }
}

/* Add the live blocks of one leaf. */
static void add_leaf(struct context *context, uint32_t first, struct list *list) {
    for (uint32_t index = first; index < first + LEVEL_COUNT; index++) {
        const struct segment *segment;
        const uint32_t word = word_of(&context->own, index, &segment);
        if ((word & SLOT_LIVE) == 0) continue;
        if (list->found < list->capacity) describe(segment, index, word, &list->blocks[list->found]);
        list->found++;
    }
}

size_t shs__block_list_fill(struct thread *thread, struct shs_block_info *blocks, size_t capacity) {
    struct context *context = thread->context;
    struct list list = { blocks, capacity, 0 };
    for (uint32_t first = 0; first < INDEX_COUNT; first += LEVEL_COUNT) {
        if (atomic_load(handle_table_branch(&context->own, first)) == NULL) continue;
        thread_enter(thread);
        add_leaf(context, first, &list);
        thread_leave(thread);
    }
    return list.found;
}
