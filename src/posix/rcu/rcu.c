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
    reader->fenced = !rcu->membarrier;
    (void)pthread_mutex_lock(&rcu->lock);
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

/* Every reader that is inside now has left when this returns. */
static void synchronize(struct rcu *rcu) {
    (void)pthread_mutex_lock(&rcu->lock);
    if (rcu->membarrier) shs__membarrier_all();
    for (struct rcu_reader *reader = rcu->readers; reader != NULL; reader = reader->next) {
        const uint32_t seen = atomic_load(&reader->section);
        if ((seen & 1u) == 0) continue;
        for (unsigned tries = 0; atomic_load(&reader->section) == seen;)
            spin_pause(&tries);
    }
    (void)pthread_mutex_unlock(&rcu->lock);
}

void shs__rcu_defer(struct rcu *rcu, struct rcu_item *item, void (*finish)(struct rcu_item *item, void *context)) {
    item->finish = finish;
    (void)pthread_mutex_lock(&rcu->items_lock);
    item->next = atomic_load(&rcu->items);
    atomic_store(&rcu->items, item);
    (void)pthread_mutex_unlock(&rcu->items_lock);
}

static struct rcu_item *take_items(struct rcu *rcu) {
    (void)pthread_mutex_lock(&rcu->items_lock);
    struct rcu_item *items = atomic_load(&rcu->items);
    atomic_store(&rcu->items, NULL);
    (void)pthread_mutex_unlock(&rcu->items_lock);
    return items;
}

void shs__rcu_reclaim_all(struct rcu *rcu, void *context) {
    for (struct rcu_item *items = take_items(rcu); items != NULL; items = take_items(rcu)) {
        synchronize(rcu);
        while (items != NULL) {
            struct rcu_item *item = items;
            items = item->next;
            item->finish(item, context);
        }
    }
}
