/*
 * Read-copy-update: readers take no lock, and what they may be looking at is freed only when they have left.
 *
 * A thread enters its reader before it looks anything up and leaves it when it is done; in between it neither waits nor
 * takes a lock. Whoever takes something away first unlinks it, so that no new reader finds it, and then defers its
 * reclaiming until every reader that was inside has left: a grace period. Where the system can make all threads pass a
 * fence at once (os/membarrier.h) entering costs a plain store; elsewhere each reader has a fence of its own. Where the
 * system ceases to do so, readers are told to make their own: until each has come once and done it, no grace period can
 * be proved, and what was deferred stays.
 *
 * Knows nothing of segments or peers: they embed a struct rcu_item. The context of the process owns the one struct rcu.
 * Locks: rcu->lock guards the list of readers and is held through a grace period; rcu->items_lock guards the deferred
 * items, for moments. Both are taken last: no other lock is taken under them.
 */
#ifndef SHSHARED_RCU_RCU_H
#define SHSHARED_RCU_RCU_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Bits of a reader's section; the rest counts, so that no two look alike. */
#define RCU_INSIDE 1u
#define RCU_FENCED 2u /* it was entered with a fence the last time, or never */
#define RCU_NEXT 4u

struct rcu_reader {
    _Atomic uint32_t section;
    _Atomic bool fenced;     /* it needs a fence of its own; set before it is added where it shall have one anyway */
    struct rcu_reader *next; /* of rcu->readers */
};

/* Something that was unlinked; finish() is called after a grace period, without a lock, and may defer the item again.
 */
struct rcu_item {
    struct rcu_item *next;
    void (*finish)(struct rcu_item *item, void *context);
};

struct rcu {
    pthread_mutex_t lock;
    struct rcu_reader *readers;
    bool membarrier;
    pthread_mutex_t items_lock;
    _Atomic(struct rcu_item *) items;
};

/* False without memory. */
bool shs__rcu_init(struct rcu *rcu);

/* A thread's reader becomes known before it is entered first, and is removed before its memory goes. */
void shs__rcu_add_reader(struct rcu *rcu, struct rcu_reader *reader);
void shs__rcu_remove_reader(struct rcu *rcu, struct rcu_reader *reader);

static inline void rcu_enter(struct rcu_reader *reader) {
    const uint32_t section = atomic_load_explicit(&reader->section, memory_order_relaxed);
    if (atomic_load_explicit(&reader->fenced, memory_order_relaxed)) {
        (void)atomic_exchange(&reader->section, section | RCU_FENCED | RCU_INSIDE);
    } else {
        atomic_store_explicit(&reader->section, section | RCU_INSIDE, memory_order_relaxed);
        atomic_signal_fence(memory_order_seq_cst);
    }
}

static inline void rcu_leave(struct rcu_reader *reader) {
    const uint32_t section = atomic_load_explicit(&reader->section, memory_order_relaxed);
    atomic_store_explicit(&reader->section, section - RCU_INSIDE + RCU_NEXT, memory_order_release);
}

/* Is the calling thread, whose reader it is, inside? */
static inline bool rcu_is_inside(const struct rcu_reader *reader) {
    return atomic_load_explicit(&reader->section, memory_order_relaxed) % 2 != 0;
}

/* Have finish() called for an item that was unlinked, by the next rcu_reclaim() of any thread; after those of the items
 * that the caller has deferred before. */
void shs__rcu_defer(struct rcu *rcu, struct rcu_item *item, void (*finish)(struct rcu_item *item, void *context));

/* Wait for a grace period and finish what was deferred, until nothing is, or no grace period can be proved. Not inside
 * a reader, without a lock. */
void shs__rcu_reclaim_all(struct rcu *rcu, void *context);

static inline void rcu_reclaim(struct rcu *rcu, void *context) {
    if (atomic_load_explicit(&rcu->items, memory_order_relaxed) != NULL) shs__rcu_reclaim_all(rcu, context);
}

#endif
