/*
 * The state word of a slot, and every step that a process may take on it.
 *
 * A slot is the place of one block. Its word lies in memory that the giver, the owner and any third process have
 * mapped, and is all they need to agree on: no message, no lock. The steps are the table of docs/design.md, checked by
 * the models in docs/model. A peer may scribble on the word; so loops are bounded, and nothing but "which block is
 * this" is ever taken from it.
 *
 *   31..8 generation (a handle carries its low 11 bits)   7 LIVE: has a handle   6 RETIRED: never allocated again
 *   5..0  presence: 0 the giver has at least one view of the block, 1 the owner, 2 THIRD: third processes may have
 *         views; 5..3 how many without a number have
 *
 * Which third processes, tells the third word of the slot: one bit for each of the 32 numbers that the owner gives to
 * third processes. THIRD stays set when they are gone: it only says that the third word is to be looked at. Those for
 * which there is no number left are counted in the state word. A full count stays full, as it may be of more; and that
 * of one that died stays, too. The owner clears both when nobody without a number is left.
 */
#ifndef SHSHARED_BLOCK_SLOT_H
#define SHSHARED_BLOCK_SLOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef _Atomic uint32_t slot_word;

#define SLOT_PRESENT_NOBODY 0u
#define SLOT_PRESENT_GIVER 1u
#define SLOT_PRESENT_OWNER 2u
#define SLOT_THIRD 4u
#define SLOT_UNNUMBERED 8u        /* one third process without a number */
#define SLOT_UNNUMBERED_ALL 0x38u /* so many, or more */
#define SLOT_PRESENCE 0x3Fu
#define SLOT_THIRDS 32u /* numbers for third processes */
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

/* May the giver put a new block here, as far as the word says? What it says of third processes may have to be looked
 * up. */
static inline bool slot_may_be_vacant(uint32_t word) {
    return (word & (SLOT_LIVE | SLOT_RETIRED | (SLOT_PRESENCE & ~SLOT_THIRD))) == 0;
}

/* May it? thirds is the slot's third word. The word was read before, in one order with the steps of third processes:
 * whoever has seen the block has set its bit by now. */
static inline bool slot_is_vacant(uint32_t word, const slot_word *thirds) {
    if (!slot_may_be_vacant(word)) return false;
    return (word & SLOT_THIRD) == 0 || atomic_load(thirds) == 0;
}

/* The generation that follows, passing over those whose low bits are 0: a handle is never 0. */
static inline uint32_t slot_next_generation(uint32_t word) {
    uint32_t next = (word >> SLOT_GENERATION_SHIFT) + 1u;
    if ((next & GENERATION_MASK) == 0) next++;
    return next & (UINT32_MAX >> SLOT_GENERATION_SHIFT);
}

/* alloc: give the block its handle, when it is filled; or with the presence bit of a process that has a view of it from
 * the start. One try: all that can have happened to the word is that it was retired. */
static inline bool slot_publish(slot_word *word, uint32_t seen, uint32_t presence, uint32_t *generation) {
    const uint32_t next = slot_next_generation(seen);
    const uint32_t published = (next << SLOT_GENERATION_SHIFT) | SLOT_LIVE | presence;
    if (!atomic_compare_exchange_strong_explicit(word, &seen, published, memory_order_release, memory_order_relaxed))
        return false;
    *generation = next & GENERATION_MASK;
    return true;
}

/* The common shape of lock and free: while the word names the block, set and clear bits. In one order with all others:
 * of two that free the last two blocks of a segment, one sees that none is left. */
static inline enum slot_result slot_change(slot_word *word, uint32_t generation, uint32_t set, uint32_t clear) {
    uint32_t seen = atomic_load_explicit(word, memory_order_acquire);
    for (int tries = 0; tries < SLOT_TRIES; tries++) {
        if (!slot_names(seen, generation)) return SLOT_STALE;
        if (atomic_compare_exchange_weak_explicit(word, &seen, (seen | set) & ~clear, memory_order_seq_cst,
                                                  memory_order_acquire))
            return SLOT_DONE;
    }
    return SLOT_NONSENSE;
}

/* lock: set this process's presence bit, when its own view count goes from 0 to 1. */
static inline enum slot_result slot_acquire(slot_word *word, uint32_t generation, uint32_t presence) {
    return slot_change(word, generation, presence, 0);
}

/* unlock: clear it, when the count goes from 1 to 0. */
static inline void slot_release(slot_word *word, uint32_t presence) {
    atomic_fetch_and_explicit(word, ~presence, memory_order_release);
}

/* The same by a third process with a number, bit: its trace comes first, and is taken back where the block is gone.
 * Where the word already has THIRD, a look at it is enough: it comes after the trace, and the giver looks at the trace
 * after it has seen that the handle is gone, all in one order. */
static inline enum slot_result slot_acquire_third(slot_word *word, slot_word *thirds, uint32_t generation,
                                                  uint32_t bit) {
    (void)atomic_fetch_or(thirds, bit);
    const uint32_t seen = atomic_load(word);
    if ((seen & SLOT_THIRD) != 0 && slot_names(seen, generation)) return SLOT_DONE;
    const enum slot_result result = slot_change(word, generation, SLOT_THIRD, 0);
    if (result != SLOT_DONE) (void)atomic_fetch_and_explicit(thirds, ~bit, memory_order_release);
    return result;
}

/* unlock by such a process; and what the owner does for one that has died. */
static inline void slot_release_third(slot_word *thirds, uint32_t bits) {
    (void)atomic_fetch_and_explicit(thirds, ~bits, memory_order_release);
}

static inline bool slot_is_full(uint32_t word) { return (word & SLOT_UNNUMBERED_ALL) == SLOT_UNNUMBERED_ALL; }

/* The same by a third process without a number. */
static inline enum slot_result slot_acquire_unnumbered(slot_word *word, uint32_t generation) {
    uint32_t seen = atomic_load_explicit(word, memory_order_acquire);
    for (int tries = 0; tries < SLOT_TRIES; tries++) {
        if (!slot_names(seen, generation)) return SLOT_STALE;
        const uint32_t counted = slot_is_full(seen) ? seen : seen + SLOT_UNNUMBERED;
        if (atomic_compare_exchange_weak_explicit(word, &seen, counted, memory_order_acq_rel, memory_order_acquire))
            return SLOT_DONE;
    }
    return SLOT_NONSENSE;
}

/* Where somebody scribbles, the slot is not used again. */
static inline void slot_release_unnumbered(slot_word *word) {
    uint32_t seen = atomic_load_explicit(word, memory_order_relaxed);
    for (int tries = 0; tries < SLOT_TRIES; tries++) {
        if (slot_is_full(seen) || (seen & SLOT_UNNUMBERED_ALL) == 0) return;
        if (atomic_compare_exchange_weak_explicit(word, &seen, seen - SLOT_UNNUMBERED, memory_order_release,
                                                  memory_order_relaxed))
            return;
    }
}

/* What the owner does when no third process without a number is left. */
static inline void slot_forgive_unnumbered(slot_word *word) {
    if ((atomic_load_explicit(word, memory_order_relaxed) & SLOT_UNNUMBERED_ALL) != 0)
        (void)atomic_fetch_and_explicit(word, ~SLOT_UNNUMBERED_ALL, memory_order_release);
}

/* How many processes have a view of the block, as the word and the third word say. */
static inline uint32_t slot_viewers(uint32_t word, uint32_t thirds) {
    uint32_t count = (word & SLOT_UNNUMBERED_ALL) / SLOT_UNNUMBERED;
    count += (word & SLOT_PRESENT_GIVER) != 0;
    count += (word & SLOT_PRESENT_OWNER) != 0;
    for (; thirds != 0; thirds &= thirds - 1)
        count++;
    return count;
}

/* free: the handle is gone. Exactly one of several that try succeeds. */
static inline enum slot_result slot_free(slot_word *word, uint32_t generation) {
    return slot_change(word, generation, 0, SLOT_LIVE);
}

/* No block is allocated here any more. All words of a segment first, and only then is LIVE looked at. */
static inline void slot_retire(slot_word *word) { atomic_fetch_or_explicit(word, SLOT_RETIRED, memory_order_seq_cst); }

#endif
