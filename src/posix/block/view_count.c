/*
 * Locks of one process: how many views of each slot it has, and its seat in the slot's word.
 *
 * A pin counts the views for writing and for reading that this process has of a slot. It goes from 0 to 1 together with
 * the seat, and back; the BUSY bit is the private mutex under which the two change, held for a few instructions and
 * never across a wait. Part of segment.h.
 */
#include <sched.h>

#include "block/segment.h"
#include "os/errno_status.h"

#define COUNT_BITS 15
#define COUNT_MASK ((1u << COUNT_BITS) - 1u)
#define ONE_WRITING 1u
#define ONE_READING (1u << COUNT_BITS)
#define COUNT_BUSY (1u << 31)

/* Another thread changes pin and seat together: it is done in an instant, or has lost its processor. */
static uint32_t wait_while_busy(const _Atomic uint32_t *pin) {
    uint32_t seen = atomic_load_explicit(pin, memory_order_acquire);
    while ((seen & COUNT_BUSY) != 0) {
        (void)sched_yield();
        seen = atomic_load_explicit(pin, memory_order_acquire);
    }
    return seen;
}

static bool is_full(uint32_t pin, uint32_t increment) { return (pin / increment & COUNT_MASK) == COUNT_MASK; }

static shs_status status_of(enum slot_result result) {
    if (result == SLOT_DONE) return SHS_OK;
    return status_local(result == SLOT_STALE ? SHS_E_HANDLE : SHS_E_PROTOCOL);
}

static shs_status uncount_view(struct segment *segment, uint32_t slot, uint32_t increment) {
    _Atomic uint32_t *pin = &segment->views[slot];
    for (;;) {
        uint32_t seen = wait_while_busy(pin);
        if ((seen / increment & COUNT_MASK) == 0) return status_local(SHS_E_VIEW);
        if (seen != increment) {
            if (atomic_compare_exchange_weak(pin, &seen, seen - increment)) return SHS_OK;
        } else if (atomic_compare_exchange_weak(pin, &seen, COUNT_BUSY)) {
            slot_release(&segment->words[slot], segment->presence);
            atomic_store_explicit(pin, 0, memory_order_release);
            return SHS_OK;
        }
    }
}

static shs_status pin(struct segment *segment, uint32_t slot, uint32_t generation, uint32_t increment) {
    _Atomic uint32_t *pin = &segment->views[slot];
    for (;;) {
        uint32_t seen = wait_while_busy(pin);
        if (is_full(seen, increment)) return status_local(SHS_E_LIMIT);
        if (seen != 0) { /* seated already; and while this lock counts, the slot gets no other block */
            if (!atomic_compare_exchange_weak(pin, &seen, seen + increment)) continue;
            if (slot_names(atomic_load_explicit(&segment->words[slot], memory_order_acquire), generation))
                return SHS_OK;
            (void)uncount_view(segment, slot, increment);
            return status_local(SHS_E_HANDLE);
        } else if (atomic_compare_exchange_weak(pin, &seen, COUNT_BUSY)) {
            const enum slot_result result = slot_acquire(&segment->words[slot], generation, segment->presence);
            atomic_store_explicit(pin, result == SLOT_DONE ? increment : 0, memory_order_release);
            return status_of(result);
        }
    }
}

/* The slot that starts at an address. */
static bool locate(const struct segment *segment, const void *view, uint32_t *slot, uint32_t *increment) {
    const uintptr_t address = (uintptr_t)view;
    const uintptr_t writing = (uintptr_t)atomic_load(&segment->data);
    const uintptr_t reading = (uintptr_t)atomic_load(&segment->data_reading);
    const uint64_t length = segment->geometry.count * segment->geometry.stride;
    const bool for_writing = writing != 0 && address >= writing && address - writing < length;
    if (!for_writing && (reading == 0 || address < reading || address - reading >= length)) return false;
    const uintptr_t offset = address - (for_writing ? writing : reading);
    *slot = segment->shift == 0 ? 0 : (uint32_t)(offset >> segment->shift);
    *increment = for_writing ? ONE_WRITING : ONE_READING;
    return offset == *slot * segment->geometry.stride;
}

shs_status segment_lock(struct segment *segment, uint32_t index, uint32_t generation, shs_access access, void **view) {
    const uint32_t slot = index - segment->base;
    const uint64_t offset = slot * segment->geometry.stride;
    unsigned char *first = access == SHS_READ ? atomic_load(&segment->data_reading) : atomic_load(&segment->data);
    if (first == NULL) {
        if (!slot_names(atomic_load(&segment->words[slot]), generation)) return status_local(SHS_E_HANDLE);
        return status_local(access == SHS_READ ? SHS_E_UNSUPPORTED : SHS_E_READ_ONLY);
    }
    const shs_status status = pin(segment, slot, generation, access == SHS_READ ? ONE_READING : ONE_WRITING);
    if (status == SHS_OK) *view = first + offset;
    return status;
}

shs_status segment_unlock(struct segment *segment, const void *view) {
    uint32_t slot, increment;
    if (!locate(segment, view, &slot, &increment)) return status_local(SHS_E_VIEW);
    return uncount_view(segment, slot, increment);
}

shs_status segment_unlock_inherited(struct segment *segment, const void *view) {
    uint32_t slot, increment;
    if (!locate(segment, view, &slot, &increment)) return status_local(SHS_E_VIEW);
    _Atomic uint32_t *pin = &segment->views[slot];
    uint32_t seen = atomic_load(pin);
    do {
        if ((seen & COUNT_BUSY) != 0 || (seen / increment & COUNT_MASK) == 0) return status_local(SHS_E_VIEW);
    } while (!atomic_compare_exchange_weak(pin, &seen, seen - increment));
    return SHS_OK;
}

shs_status segment_view_size(const struct segment *segment, const void *view, size_t *size) {
    uint32_t slot, increment;
    if (!locate(segment, view, &slot, &increment)) return status_local(SHS_E_VIEW);
    const uint32_t seen = atomic_load(&segment->views[slot]);
    if ((seen & COUNT_BUSY) != 0 || (seen / increment & COUNT_MASK) == 0) return status_local(SHS_E_VIEW);
    *size = (size_t)segment_size(segment, slot);
    return SHS_OK;
}

shs_status segment_free(struct segment *segment, uint32_t index, uint32_t generation) {
    return status_of(slot_free(&segment->words[index - segment->base], generation));
}

shs_status segment_pass_on(struct segment *segment, uint32_t index, uint32_t generation) {
    return status_of(slot_change(&segment->words[index - segment->base], generation, SLOT_RETIRED, 0));
}

bool segment_has_views(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if (atomic_load(&segment->views[i]) != 0) return true;
    }
    return false;
}
