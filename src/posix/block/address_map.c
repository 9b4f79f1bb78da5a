/*
 * From an address to the segment whose data is mapped there. See address_map.h.
 */
#include "block/address_map.h"

#include <stdlib.h>

static unsigned entry_at(uintptr_t page, int level) {
    return (unsigned)(page >> (NODE_BITS * (LEVELS - 1 - level))) & ((1u << NODE_BITS) - 1u);
}

/* The entry for a page: NULL when there is none and none shall be made, or without memory. */
static _Atomic(void *) *entry_for(struct address_map *map, uintptr_t page, bool make) {
    struct address_node *node = &map->root;
    for (int level = 0; level < LEVELS - 1; level++) {
        _Atomic(void *) *place = &node->entries[entry_at(page, level)];
        struct address_node *below = atomic_load(place);
        if (below == NULL && make) {
            below = calloc(1, sizeof *below);
            atomic_store(place, below);
        }
        if (below == NULL) return NULL;
        node = below;
    }
    return &node->entries[entry_at(page, LEVELS - 1)];
}

static bool is_in_reach(uintptr_t page) { return page >> (NODE_BITS * (LEVELS - 1)) >> NODE_BITS == 0; }

struct segment *shs__address_map_find(struct address_map *map, uintptr_t address) {
    const uintptr_t page = address >> PAGE_BITS;
    if (!is_in_reach(page)) return NULL;
    _Atomic(void *) *entry = entry_for(map, page, false);
    return entry == NULL ? NULL : atomic_load(entry);
}

bool shs__address_map_insert(struct address_map *map, uintptr_t address, uint64_t length, struct segment *segment) {
    const uintptr_t first = address >> PAGE_BITS;
    const uintptr_t last = (uintptr_t)(address + length - 1) >> PAGE_BITS;
    if (!is_in_reach(last)) return false;
    for (uintptr_t page = first; page <= last; page++) {
        _Atomic(void *) *entry = entry_for(map, page, true);
        if (entry == NULL) {
            if (page > first) shs__address_map_remove(map, address, (page - first) << PAGE_BITS);
            return false;
        }
        atomic_store(entry, segment);
    }
    return true;
}

void shs__address_map_remove(struct address_map *map, uintptr_t address, uint64_t length) {
    const uintptr_t last = (uintptr_t)(address + length - 1) >> PAGE_BITS;
    for (uintptr_t page = address >> PAGE_BITS; page <= last; page++) {
        _Atomic(void *) *entry = entry_for(map, page, false);
        if (entry != NULL) atomic_store(entry, NULL);
    }
}

static void each_below(struct address_node *node, int level, void (*call)(struct segment *)) {
    for (unsigned i = 0; i < 1u << NODE_BITS; i++) {
        void *entry = atomic_load(&node->entries[i]);
        if (entry == NULL) continue;
        if (level == LEVELS - 1)
            call(entry);
        else
            each_below(entry, level + 1, call);
    }
}

void shs__address_map_each(struct address_map *map, void (*call)(struct segment *segment)) {
    each_below(&map->root, 0, call);
}
