/*
 * View counts and presence bits. See view_count.h.
 *
 * A count has 15 bits for views for writing, 15 for views for reading, and BUSY: the private mutex under which count
 * and presence bit change together, held for a few instructions and never across a wait.
 */
#include "block/view_count.h"

#include "block/handle.h"
#include "os/race_detector.h"
#include "os/spin.h"

#define COUNT_BITS 15
#define COUNT_MASK ((1u << COUNT_BITS) - 1u)
#define ONE_WRITING 1u
#define ONE_READING (1u << COUNT_BITS)
#define COUNT_BUSY (1u << 31)

/* Another thread changes count and presence together. */
static uint32_t wait_while_busy(const _Atomic uint32_t *count) {
    unsigned tries = 0;
    uint32_t seen = atomic_load_explicit(count, memory_order_acquire);
    while ((seen & COUNT_BUSY) != 0) {
        spin_pause(&tries);
        seen = atomic_load_explicit(count, memory_order_acquire);
    }
    return seen;
}

/* The part of a count that counts one kind of view; one is ONE_WRITING or ONE_READING. */
static uint32_t views_of(uint32_t count, uint32_t one) { return count & (COUNT_MASK * one); }

static enum view_result result_of(enum slot_result result) {
    if (result == SLOT_DONE) return VIEW_DONE;
    return result == SLOT_STALE ? VIEW_STALE : VIEW_NONSENSE;
}

/* The process's trace in shared memory, with its first view of a slot and with its last. */
static enum slot_result acquire(struct segment *segment, uint32_t slot, uint32_t generation) {
    slot_word *word = &segment->words[slot];
    if (segment->presence != SLOT_PRESENT_NOBODY) return slot_acquire(word, generation, segment->presence);
    if (segment->third_bit == 0) return slot_acquire_unnumbered(word, generation);
    return slot_acquire_third(word, &segment->thirds[slot], generation, segment->third_bit);
}

static void release(struct segment *segment, uint32_t slot) {
    if (segment->presence != SLOT_PRESENT_NOBODY)
        slot_release(&segment->words[slot], segment->presence);
    else if (segment->third_bit == 0)
        slot_release_unnumbered(&segment->words[slot]);
    else
        slot_release_third(&segment->thirds[slot], segment->third_bit);
}

static enum view_result uncount(struct segment *segment, uint32_t slot, uint32_t one) {
    _Atomic uint32_t *count = &segment->views[slot];
    for (;;) {
        uint32_t seen = wait_while_busy(count);
        if (views_of(seen, one) == 0) return VIEW_STALE;
        if (seen != one) {
            if (atomic_compare_exchange_weak(count, &seen, seen - one)) return VIEW_DONE;
        } else if (atomic_compare_exchange_weak(count, &seen, COUNT_BUSY)) {
            release(segment, slot);
            atomic_store_explicit(count, 0, memory_order_release);
            return VIEW_DONE;
        }
    }
}

/* There are views already, and while this one counts, the slot gets no other block: only then is the word looked at. */
static enum view_result confirm(struct segment *segment, uint32_t slot, uint32_t generation, uint32_t one) {
    const uint32_t word = atomic_load_explicit(&segment->words[slot], memory_order_acquire);
    if (slot_names(word, generation)) return VIEW_DONE;
    (void)uncount(segment, slot, one);
    return VIEW_STALE;
}

static enum view_result count_one(struct segment *segment, uint32_t slot, uint32_t generation, uint32_t one) {
    _Atomic uint32_t *count = &segment->views[slot];
    for (;;) {
        uint32_t seen = wait_while_busy(count);
        if (views_of(seen, one) == COUNT_MASK * one) return VIEW_TOO_MANY;
        if (seen != 0) {
            if (atomic_compare_exchange_weak(count, &seen, seen + one)) return confirm(segment, slot, generation, one);
        } else if (atomic_compare_exchange_weak(count, &seen, COUNT_BUSY)) {
            const enum slot_result result = acquire(segment, slot, generation);
            atomic_store_explicit(count, result == SLOT_DONE ? one : 0, memory_order_release);
            return result_of(result);
        }
    }
}

/* The first view of a block that nobody else can know yet: what others count here in between they take back. */
static void count_first(struct segment *segment, uint32_t slot) {
    _Atomic uint32_t *count = &segment->views[slot];
    for (;;) {
        uint32_t none = 0;
        if (atomic_compare_exchange_weak(count, &none, ONE_WRITING)) return;
        (void)wait_while_busy(count);
    }
}

bool shs__view_publish(struct segment *segment, uint32_t slot, uint32_t seen, void **view, shs_handle *handle) {
    uint32_t generation;
    race_release(&segment->words[slot]);
    if (view != NULL) count_first(segment, slot);
    const uint32_t presence = view == NULL ? SLOT_PRESENT_NOBODY : segment->presence;
    if (!slot_publish(&segment->words[slot], seen, presence, &generation)) {
        if (view != NULL) (void)uncount(segment, slot, ONE_WRITING);
        return false;
    }
    if (view != NULL) *view = atomic_load(&segment->data) + slot * segment->geometry.stride;
    *handle = handle_make(segment->base + slot, generation);
    return true;
}

/* The slot that starts at an address, and the kind of view that is there. */
static bool locate(const struct segment *segment, const void *view, uint32_t *slot, uint32_t *one) {
    const uintptr_t address = (uintptr_t)view;
    const uintptr_t writing = (uintptr_t)atomic_load(&segment->data);
    const uintptr_t reading = (uintptr_t)atomic_load(&segment->data_reading);
    const uint64_t length = segment->geometry.count * segment->geometry.stride;
    const bool for_writing = writing != 0 && address >= writing && address - writing < length;
    if (!for_writing && (reading == 0 || address < reading || address - reading >= length)) return false;
    const uintptr_t offset = address - (for_writing ? writing : reading);
    *slot = segment->shift == 0 ? 0 : (uint32_t)(offset >> segment->shift);
    *one = for_writing ? ONE_WRITING : ONE_READING;
    return offset == *slot * segment->geometry.stride;
}

/* Why a block cannot be seen where there is no mapping for it. */
static enum view_result explain(const struct segment *segment, uint32_t slot, uint32_t generation, shs_access access) {
    if (!slot_names(atomic_load(&segment->words[slot]), generation)) return VIEW_STALE;
    return access == SHS_READ ? VIEW_WANTS_READING : VIEW_READ_ONLY;
}

enum view_result shs__view_lock(struct segment *segment, uint32_t handle, shs_access access, void **view) {
    const uint32_t slot = handle_index(handle) - segment->base;
    const uint32_t generation = handle_generation(handle);
    const bool reads = access == SHS_READ;
    unsigned char *first = reads ? atomic_load(&segment->data_reading) : atomic_load(&segment->data);
    if (first == NULL) return explain(segment, slot, generation, access);
    const enum view_result result = count_one(segment, slot, generation, reads ? ONE_READING : ONE_WRITING);
    if (result != VIEW_DONE) return result;
    race_acquire(&segment->words[slot]);
    *view = first + slot * segment->geometry.stride;
    return VIEW_DONE;
}

enum view_result shs__view_unlock(struct segment *segment, const void *view) {
    uint32_t slot, one;
    if (!locate(segment, view, &slot, &one)) return VIEW_STALE;
    race_release(&segment->words[slot]);
    return uncount(segment, slot, one);
}

enum view_result shs__view_unlock_inherited(struct segment *segment, const void *view) {
    uint32_t slot, one;
    if (!locate(segment, view, &slot, &one)) return VIEW_STALE;
    _Atomic uint32_t *count = &segment->views[slot];
    uint32_t seen = atomic_load(count);
    for (;;) {
        if ((seen & COUNT_BUSY) != 0 || views_of(seen, one) == 0) return VIEW_STALE;
        if (atomic_compare_exchange_weak(count, &seen, seen - one)) return VIEW_DONE;
    }
}

enum view_result shs__view_size(const struct segment *segment, const void *view, size_t *size) {
    uint32_t slot, one;
    if (!locate(segment, view, &slot, &one)) return VIEW_STALE;
    const uint32_t seen = atomic_load(&segment->views[slot]);
    if ((seen & COUNT_BUSY) != 0 || views_of(seen, one) == 0) return VIEW_STALE;
    *size = (size_t)segment_size(segment, slot);
    return VIEW_DONE;
}

bool shs__view_is_there(const struct segment *segment, uint32_t slot, shs_access access) {
    return views_of(atomic_load(&segment->views[slot]), access == SHS_READ ? ONE_READING : ONE_WRITING) != 0;
}

static void go_on_below(struct segment *segment, uint32_t end) {
    for (uint32_t i = 0; i < end; i++)
        atomic_store_explicit(&segment->views[i], 0, memory_order_release);
}

bool shs__view_stop(struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        uint32_t none = 0;
        if (atomic_compare_exchange_strong(&segment->views[i], &none, COUNT_BUSY)) continue;
        go_on_below(segment, i);
        return false;
    }
    return true;
}

void shs__view_go_on(struct segment *segment) { go_on_below(segment, segment->geometry.count); }

static slot_word *word_of(struct segment *segment, uint32_t handle) {
    return &segment->words[handle_index(handle) - segment->base];
}

enum view_result shs__view_free(struct segment *segment, uint32_t handle) {
    race_release(word_of(segment, handle));
    return result_of(slot_free(word_of(segment, handle), handle_generation(handle)));
}

enum view_result shs__view_export(struct segment *segment, uint32_t handle) {
    return result_of(slot_change(word_of(segment, handle), handle_generation(handle), SLOT_RETIRED, 0));
}
