/*
 * Views: from an address to the segment whose data is mapped there.
 *
 * A tree over page numbers, read without a lock inside a gate and changed under the world's lock. It only grows; what a
 * forked child inherits of it is whole at every instant.
 */
#ifndef SHSHARED_POSIX_VIEW_H
#define SHSHARED_POSIX_VIEW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct segment;

#define VIEW_PAGE_BITS 12
#define VIEW_NODE_BITS 9
#define VIEW_LEVELS 4 /* 12 + 4 * 9 = 48 bits of address */

struct view_node {
    _Atomic(void *) entries[1 << VIEW_NODE_BITS];
};

struct view_map {
    struct view_node root;
};

/* The segment at an address, or NULL. */
struct segment *view_find(struct view_map *map, uintptr_t address);

/* Let the pages of a range lead to a segment. False without memory: then none does. */
bool view_put(struct view_map *map, uintptr_t address, uint64_t length, struct segment *segment);
void view_remove(struct view_map *map, uintptr_t address, uint64_t length);

/* Call for every page that leads somewhere. */
void view_each(struct view_map *map, void (*call)(struct segment *segment));

#endif
