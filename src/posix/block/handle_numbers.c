/*
 * The owner's numbers. See handle_numbers.h.
 *
 * Ranges are aligned to their size, so that ranges of all sizes fit together without gaps.
 */
#include "block/handle_numbers.h"

#include "block/slot.h"

void shs__handle_numbers_init(struct handle_numbers *numbers, uint32_t seed) {
    numbers->seed = seed;
    numbers->cursor = seed % INDEX_COUNT;
}

/* The bits of a range in its first word; ranges of 32 and more fill whole words. */
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

/* How far it is from one range to the next that is worth a look: of full words nothing is. */
static uint32_t step_from(const struct handle_numbers *numbers, uint32_t at, uint32_t count) {
    return count < 32 && numbers->used[at / 32] == UINT32_MAX ? 32 - at % 32 : count;
}

bool shs__handle_numbers_take(struct handle_numbers *numbers, uint32_t count, uint32_t *base) {
    uint32_t at = (numbers->cursor + count - 1) / count * count % INDEX_COUNT;
    for (uint32_t tried = 0, step; tried < INDEX_COUNT + 32; tried += step, at = (at + step) % INDEX_COUNT) {
        step = step_from(numbers, at, count);
        if (!range_is_free(numbers, at, count)) continue;
        for (uint32_t i = at; i < at + count; i += 32)
            numbers->used[i / 32] |= range_mask(at, count);
        numbers->cursor = (at + count) % INDEX_COUNT;
        *base = at;
        return true;
    }
    return false;
}

void shs__handle_numbers_give(struct handle_numbers *numbers, uint32_t base, uint32_t count) {
    for (uint32_t i = base; i < base + count; i += 32)
        numbers->used[i / 32] &= ~range_mask(base, count);
}

uint32_t shs__handle_numbers_generation(const struct handle_numbers *numbers, uint32_t index) {
    const uint32_t last = numbers->generations[index];
    return last != 0 ? last : (numbers->seed + index * UINT32_C(2654435761)) >> (32 - GENERATION_BITS);
}

void shs__handle_numbers_remember(struct handle_numbers *numbers, uint32_t index, uint32_t generation) {
    numbers->generations[index] = (uint16_t)generation;
}
