/*
 * Arenas. See arena.h.
 */
#include "state/arena.h"

#include <stddef.h>
#include <stdlib.h>

#include "os/fd_tracking.h"
#include "os/shm_object.h"
#include "state/context.h"

#define SEGMENTS_MOST 12000u /* each has up to three mappings, and the system allows 65,530 */

bool shs__arena_has_room(struct context *context) {
    context_lock(context);
    const bool room = context->arenas.segments < SEGMENTS_MOST;
    context_unlock(context);
    return room;
}

/* ---- entering ---- */

static void enter(struct context *context, struct arena *arena) {
    arena->segments++;
    context->arenas.segments++;
}

/* The one that is being filled, where it has room. */
static struct arena *enter_filling(struct context *context, uint64_t room) {
    context_lock(context);
    struct arena *arena = context->arenas.filling;
    if (arena != NULL && arena->used + room > ARENA_SIZE) arena = NULL;
    if (arena != NULL) enter(context, arena);
    context_unlock(context);
    return arena;
}

static struct arena *make(void) {
    const struct shm_contents nothing = { .size = ARENA_SIZE };
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL && shs__shm_object_make(&nothing, &arena->fd) == SHS_OK) return arena;
    free(arena);
    return NULL;
}

struct arena *shs__arena_enter(struct context *context, uint64_t room) {
    struct arena *arena = enter_filling(context, room);
    if (arena != NULL) return arena;
    arena = make();
    if (arena == NULL) return NULL;
    context_lock(context);
    enter(context, arena);
    context->arenas.filling = arena;
    context->registry.usage.all.descriptors++;
    context_unlock(context);
    return arena;
}

/* ---- leaving ---- */

static void close_arena(struct rcu_item *item, void *context) {
    struct arena *arena = (struct arena *)(void *)((char *)item - offsetof(struct arena, item));
    (void)context;
    shs__fd_close(arena->fd);
    free(arena);
}

void shs__arena_leave(struct context *context, struct arena *arena) {
    if (arena == NULL) return;
    context->arenas.segments--;
    if (--arena->segments > 0) return;
    if (context->arenas.filling == arena) context->arenas.filling = NULL;
    context->registry.usage.all.descriptors--;
    shs__rcu_defer(&context->rcu, &arena->item, close_arena);
}
