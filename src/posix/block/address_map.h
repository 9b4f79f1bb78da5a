/*
 * From an address to the segment whose data is mapped there.
 *
 * A tree over page numbers: unlock finds its segment by it. Read without a lock, inside a reader, and changed under the
 * context's lock; a node that leads nowhere any more is freed after a grace period. What a forked child inherits of it
 * is whole at every instant.
 */
#ifndef SHSHARED_BLOCK_ADDRESS_MAP_H
#define SHSHARED_BLOCK_ADDRESS_MAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "rcu/rcu.h"

struct segment;

#define PAGE_BITS 12
#define NODE_BITS 9
#define LEVELS 4 /* 12 + 4 * 9 = 48 bits of address */

struct address_node {
    _Atomic(void *) entries[1 << NODE_BITS];
    uint32_t used; /* entries that are not NULL; under the lock */
    struct rcu_item item;
};

struct address_map {
    struct address_node root;
};

/* The segment at an address, or NULL. */
struct segment *shs__address_map_find(struct address_map *map, uintptr_t address);

/* Let the pages of a range lead to a segment. False without memory: then none does. And let them lead nowhere. The
 * memory of what is not needed any more is deferred to rcu. */
bool shs__address_map_insert(struct address_map *map, uintptr_t address, uint64_t length, struct segment *segment,
                             struct rcu *rcu);
void shs__address_map_remove(struct address_map *map, uintptr_t address, uint64_t length, struct rcu *rcu);

/* Call for every segment that some page leads to; perhaps more than once. */
void shs__address_map_each(struct address_map *map, void (*call)(struct segment *segment));

#endif
