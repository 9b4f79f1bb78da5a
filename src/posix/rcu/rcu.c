/*
 * Readers, grace periods and deferred reclaiming. See rcu.h.
 */
#include "rcu/rcu.h"

#include <stddef.h>

#include "os/membarrier.h"
#include "os/spin.h"

bool shs__rcu_init(struct rcu *rcu) {
    rcu->membarrier = shs__membarrier_register();
    return pthread_mutex_init(&rcu->lock, NULL) == 0 && pthread_mutex_init(&rcu->items_lock, NULL) == 0;
}

void shs__rcu_add_reader(struct rcu *rcu, struct rcu_reader *reader) {
    (void)pthread_mutex_lock(&rcu->lock);
    if (!rcu->membarrier) atomic_store(&reader->fenced, true);
    if (atomic_load(&reader->fenced)) atomic_store(&reader->section, RCU_FENCED);
    reader->next = rcu->readers;
    rcu->readers = reader;
    (void)pthread_mutex_unlock(&rcu->lock);
}

void shs__rcu_remove_reader(struct rcu *rcu, struct rcu_reader *reader) {
    (void)pthread_mutex_lock(&rcu->lock);
    struct rcu_reader **place = &rcu->readers;
    while (*place != reader)
        place = &(*place)->next;
    *place = reader->next;
    (void)pthread_mutex_unlock(&rcu->lock);
}

/* From here on every reader makes its own fence. */
static void give_membarrier_up(struct rcu *rcu) {
    rcu->membarrier = false;
    for (struct rcu_reader *reader = rcu->readers; reader != NULL; reader = reader->next)
        atomic_store(&reader->fenced, true);
}

/* Wait until it has left, if it is inside. False when that cannot be seen: it may have come in without a fence. */
static bool wait_for(const struct rcu_reader *reader, bool all_fenced) {
    const uint32_t seen = atomic_load(&reader->section);
    if (!all_fenced && (seen & RCU_FENCED) == 0) return false;
    if ((seen & RCU_INSIDE) == 0) return true;
    for (unsigned tries = 0; atomic_load(&reader->section) == seen;)
        spin_pause(&tries);
    return true;
}

/* Every reader that is inside now has left when this returns true. */
static bool synchronize(struct rcu *rcu) {
    bool proved = true;
    (void)pthread_mutex_lock(&rcu->lock);
    const bool all_fenced = rcu->membarrier && shs__membarrier_all();
    if (rcu->membarrier && !all_fenced) give_membarrier_up(rcu);
    atomic_thread_fence(memory_order_seq_cst); /* the other half of the readers' own */
    for (struct rcu_reader *reader = rcu->readers; reader != NULL && proved; reader = reader->next)
        proved = wait_for(reader, all_fenced);
    (void)pthread_mutex_unlock(&rcu->lock);
    return proved;
}

void shs__rcu_defer(struct rcu *rcu, struct rcu_item *item, void (*finish)(struct rcu_item *item, void *context)) {
    item->finish = finish;
    (void)pthread_mutex_lock(&rcu->items_lock);
    item->next = atomic_load(&rcu->items);
    atomic_store(&rcu->items, item);
    (void)pthread_mutex_unlock(&rcu->items_lock);
}

/* In the order in which they were deferred. */
static struct rcu_item *take_items(struct rcu *rcu) {
    (void)pthread_mutex_lock(&rcu->items_lock);
    struct rcu_item *latest = atomic_load(&rcu->items), *items = NULL;
    atomic_store(&rcu->items, NULL);
    (void)pthread_mutex_unlock(&rcu->items_lock);
    while (latest != NULL) {
        struct rcu_item *item = latest;
        latest = item->next;
        item->next = items;
        items = item;
    }
    return items;
}

static void finish_items(struct rcu_item *items, void *context) {
    while (items != NULL) {
        struct rcu_item *item = items;
        items = item->next;
        item->finish(item, context);
    }
}

static void put_items_back(struct rcu *rcu, struct rcu_item *items) {
    while (items != NULL) {
        struct rcu_item *item = items;
        items = item->next;
        shs__rcu_defer(rcu, item, item->finish);
    }
}

void shs__rcu_reclaim_all(struct rcu *rcu, void *context) {
    for (struct rcu_item *items = take_items(rcu); items != NULL; items = take_items(rcu)) {
        if (!synchronize(rcu)) {
            put_items_back(rcu, items);
            return;
        }
        finish_items(items, context);
    }
}
