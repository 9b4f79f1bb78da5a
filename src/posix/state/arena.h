/*
 * Arenas: memory objects of this process with room for many segments each, and so a descriptor for many.
 *
 * Filled by compaction.c with what it moves; left by registry.c for a segment that is not found any more. What was once
 * used in an arena is not used again, as another handle may lead to it for ever. Owns the objects: one is closed when
 * nothing is in it any more.
 */
#ifndef SHSHARED_STATE_ARENA_H
#define SHSHARED_STATE_ARENA_H

#include <stdbool.h>
#include <stdint.h>

#include "rcu/rcu.h"

#define ARENA_SIZE ((uint64_t)1 << 20)

struct context;

/* Under the context's lock. */
struct arena {
    int fd;
    uint64_t used;     /* bytes, from its beginning */
    uint32_t segments; /* in it, or about to be */
    struct rcu_item item;
};

struct arenas {
    struct arena *filling; /* NULL: none */
    uint32_t segments;     /* in all of them */
};

/* May there be more segments in arenas? Without the lock. */
bool shs__arena_has_room(struct context *context);

/* An arena with room for so many bytes, for one segment more. NULL without memory or a descriptor. Without the lock. */
struct arena *shs__arena_enter(struct context *context, uint64_t room);

/* A segment is not in the arena any more, or will not be. NULL is ignored. Under the lock. */
void shs__arena_leave(struct context *context, struct arena *arena);

#endif
