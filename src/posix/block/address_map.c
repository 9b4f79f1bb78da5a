/*
 * From an address to the segment whose data is mapped there. See address_map.h.
 */
#include "block/address_map.h"

#include <stddef.h>
#include <stdlib.h>

static unsigned entry_at(uintptr_t page, int level) {
    return (unsigned)(page >> (NODE_BITS * (LEVELS - 1 - level))) & ((1u << NODE_BITS) - 1u);
}

static struct address_node *make_below(struct address_node *node, _Atomic(void *) *place) {
    struct address_node *below = calloc(1, sizeof *below);
    if (below == NULL) return NULL;
    node->used++;
    atomic_store(place, below);
    return below;
}

/* The nodes that lead to a page, from the root; how many there are. */
static int find_nodes(struct address_map *map, uintptr_t page, bool make, struct address_node *nodes[LEVELS]) {
    nodes[0] = &map->root;
    for (int level = 0; level < LEVELS - 1; level++) {
        _Atomic(void *) *place = &nodes[level]->entries[entry_at(page, level)];
        struct address_node *below = atomic_load(place);
        if (below == NULL && make) below = make_below(nodes[level], place);
        if (below == NULL) return level + 1;
        nodes[level + 1] = below;
    }
    return LEVELS;
}

static bool is_in_reach(uintptr_t page) { return page >> (NODE_BITS * (LEVELS - 1)) >> NODE_BITS == 0; }

struct segment *shs__address_map_find(struct address_map *map, uintptr_t address) {
    const uintptr_t page = address >> PAGE_BITS;
    struct address_node *node = &map->root;
    if (!is_in_reach(page)) return NULL;
    for (int level = 0; level < LEVELS - 1 && node != NULL; level++)
        node = atomic_load(&node->entries[entry_at(page, level)]);
    return node == NULL ? NULL : atomic_load(&node->entries[entry_at(page, LEVELS - 1)]);
}

static void set_entry(struct address_node *leaf, uintptr_t page, struct segment *segment) {
    _Atomic(void *) *entry = &leaf->entries[entry_at(page, LEVELS - 1)];
    leaf->used += atomic_load(entry) == NULL ? 1 : 0;
    leaf->used -= segment == NULL ? 1 : 0;
    atomic_store(entry, segment);
}

static void free_node(struct rcu_item *item, void *unused) {
    (void)unused;
    free((char *)item - offsetof(struct address_node, item));
}

/* Of nodes that lead to a page, take off those that lead nowhere else. */
static void prune(struct address_node *const nodes[LEVELS], int count, uintptr_t page, struct rcu *rcu) {
    for (int level = count - 1; level > 0 && nodes[level]->used == 0; level--) {
        atomic_store(&nodes[level - 1]->entries[entry_at(page, level - 1)], NULL);
        nodes[level - 1]->used--;
        shs__rcu_defer(rcu, &nodes[level]->item, free_node);
    }
}

static bool insert_page(struct address_map *map, uintptr_t page, struct segment *segment, struct rcu *rcu) {
    struct address_node *nodes[LEVELS];
    const int count = find_nodes(map, page, true, nodes);
    if (count == LEVELS)
        set_entry(nodes[LEVELS - 1], page, segment);
    else
        prune(nodes, count, page, rcu);
    return count == LEVELS;
}

static void remove_page(struct address_map *map, uintptr_t page, struct rcu *rcu) {
    struct address_node *nodes[LEVELS];
    if (find_nodes(map, page, false, nodes) < LEVELS) return;
    if (atomic_load(&nodes[LEVELS - 1]->entries[entry_at(page, LEVELS - 1)]) == NULL) return;
    set_entry(nodes[LEVELS - 1], page, NULL);
    prune(nodes, LEVELS, page, rcu);
}

bool shs__address_map_insert(struct address_map *map, uintptr_t address, uint64_t length, struct segment *segment,
                             struct rcu *rcu) {
    const uintptr_t first = address >> PAGE_BITS;
    const uintptr_t last = (uintptr_t)(address + length - 1) >> PAGE_BITS;
    if (!is_in_reach(last)) return false;
    for (uintptr_t page = first; page <= last; page++) {
        if (insert_page(map, page, segment, rcu)) continue;
        while (page-- > first)
            remove_page(map, page, rcu);
        return false;
    }
    return true;
}

void shs__address_map_remove(struct address_map *map, uintptr_t address, uint64_t length, struct rcu *rcu) {
    const uintptr_t last = (uintptr_t)(address + length - 1) >> PAGE_BITS;
    for (uintptr_t page = address >> PAGE_BITS; page <= last; page++)
        remove_page(map, page, rcu);
}

static void each_below(struct address_node *node, int level, void (*call)(struct segment *)) {
    const void *before = NULL;
    for (unsigned i = 0; i < 1u << NODE_BITS; i++) {
        void *entry = atomic_load(&node->entries[i]);
        if (entry == NULL || entry == before) continue;
        before = entry;
        if (level == LEVELS - 1)
            call(entry);
        else
            each_below(entry, level + 1, call);
    }
}

void shs__address_map_each(struct address_map *map, void (*call)(struct segment *segment)) {
    each_below(&map->root, 0, call);
}
