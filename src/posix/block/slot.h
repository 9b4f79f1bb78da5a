/*
 * The state word of a slot, and every step that a process may take on it.
 *
 * A slot is the place of one block. Its word lies in memory that the giver, the owner and any third process have
 * mapped, and is all they need to agree on: no message, no lock. The steps are the table of docs/design.md, checked by
 * the models in docs/model. A peer may scribble on the word; so loops are bounded, and nothing but "which block is
 * this" is ever taken from it.
 *
 *   31..8 generation (a handle carries its low 11 bits)   7 LIVE: has a handle   6 RETIRED: never allocated again
 *   5..0  presence: "this process has at least one view of the block", one bit for the giver and one for the owner
 */
#ifndef SHSHARED_BLOCK_SLOT_H
#define SHSHARED_BLOCK_SLOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef _Atomic uint32_t slot_word;

#define SLOT_PRESENT_NOBODY 0u /* a third process: it has no bit, and retires the slot instead */
#define SLOT_PRESENT_GIVER 1u
#define SLOT_PRESENT_OWNER 2u
#define SLOT_PRESENCE 0x3Fu
#define SLOT_RETIRED 0x40u
#define SLOT_LIVE 0x80u
#define SLOT_GENERATION_SHIFT 8

#define GENERATION_BITS 11
#define GENERATION_MASK ((1u << GENERATION_BITS) - 1u)

/* How often a step tries again when others change the word under it. Each try that fails was somebody's progress; more
 * than this is a peer that scribbles. */
#define SLOT_TRIES 4096

enum slot_result { SLOT_DONE, SLOT_STALE, SLOT_NONSENSE };

static inline uint32_t slot_generation(uint32_t word) { return (word >> SLOT_GENERATION_SHIFT) & GENERATION_MASK; }

/* Does the word say that the block of this generation has its handle? */
static inline bool slot_names(uint32_t word, uint32_t generation) {
    return (word & SLOT_LIVE) != 0 && slot_generation(word) == generation;
}

/* May the giver put a new block here? */
static inline bool slot_is_vacant(uint32_t word) { return (word & (SLOT_LIVE | SLOT_RETIRED | SLOT_PRESENCE)) == 0; }

/* The generation that follows, passing over those whose low bits are 0: a handle is never 0. */
static inline uint32_t slot_next_generation(uint32_t word) {
    uint32_t next = (word >> SLOT_GENERATION_SHIFT) + 1u;
    if ((next & GENERATION_MASK) == 0) next++;
    return next & (UINT32_MAX >> SLOT_GENERATION_SHIFT);
}

/* alloc: the block is filled, give it its handle. One try: all that can have happened to the word is that it was
 * retired. */
static inline bool slot_publish(slot_word *word, uint32_t seen, uint32_t *generation) {
    const uint32_t next = slot_next_generation(seen);
    if (!atomic_compare_exchange_strong_explicit(word, &seen, (next << SLOT_GENERATION_SHIFT) | SLOT_LIVE,
                                                 memory_order_release, memory_order_relaxed))
        return false;
    *generation = next & GENERATION_MASK;
    return true;
}

/* The common shape of lock and free: while the word names the block, set and clear bits. */
static inline enum slot_result slot_change(slot_word *word, uint32_t generation, uint32_t set, uint32_t clear) {
    uint32_t seen = atomic_load_explicit(word, memory_order_acquire);
    for (int tries = 0; tries < SLOT_TRIES; tries++) {
        if (!slot_names(seen, generation)) return SLOT_STALE;
        if (atomic_compare_exchange_weak_explicit(word, &seen, (seen | set) & ~clear, memory_order_acq_rel,
                                                  memory_order_acquire))
            return SLOT_DONE;
    }
    return SLOT_NONSENSE;
}

/* lock: set this process's presence bit, when its own view count goes from 0 to 1. A third process has none and retires
 * the slot for ever. */
static inline enum slot_result slot_acquire(slot_word *word, uint32_t generation, uint32_t presence) {
    return slot_change(word, generation, presence == SLOT_PRESENT_NOBODY ? SLOT_RETIRED : presence, 0);
}

/* unlock: clear it, when the count goes from 1 to 0. */
static inline void slot_release(slot_word *word, uint32_t presence) {
    if (presence != SLOT_PRESENT_NOBODY) atomic_fetch_and_explicit(word, ~presence, memory_order_release);
}

/* free: the handle is gone. Exactly one of several that try succeeds. */
static inline enum slot_result slot_free(slot_word *word, uint32_t generation) {
    return slot_change(word, generation, 0, SLOT_LIVE);
}

/* No block is allocated here any more. All words of a segment first, and only then is LIVE looked at. */
static inline void slot_retire(slot_word *word) { atomic_fetch_or_explicit(word, SLOT_RETIRED, memory_order_seq_cst); }

#endif
