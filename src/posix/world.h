/*
 * The world: all that the library knows in one life of a process.
 *
 * A process has one, made at its first call and never freed; shs_stop() empties it. A forked child has none: it makes a
 * new one, and never touches a lock or a list of its parent's, which another thread may have been changing. Of the old
 * world it reads only where inherited views are.
 *
 * Locks: world->lock guards lists and tables, is held for moments and never across a wait; attaching serialises start
 * and stop. Fast paths take neither (thread.h).
 */
#ifndef SHSHARED_POSIX_WORLD_H
#define SHSHARED_POSIX_WORLD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "agent.h"
#include "backend.h"
#include "deadline.h"
#include "endpoint.h"
#include "forkpage.h"
#include "handles.h"
#include "holdings.h"
#include "peer.h"
#include "pool.h"
#include "thread.h"
#include "view.h"

struct world {
    shs_pid pid;
    struct world *inherited; /* of the process that forked this one */

    pthread_mutex_t lock;
    pthread_cond_t changed; /* a peer is no longer busy */
    struct shs_options options;
    _Atomic bool own_pages;
    struct thread *threads;
    bool barriers; /* gates rely on barrier_all() */
    struct holdings holdings;
    struct pool pool; /* for blocks of its own */
    struct peers peers;

    struct handle_table own; /* what lives here */
    struct handle_numbers numbers;
    struct view_map views;

    pthread_mutex_t attaching;
    _Atomic bool attached;
    shs_status attach_status; /* how the last try ended */
    _Atomic bool attach_tried;
    struct endpoint endpoint;
    struct agent agent;
    int life_fd;
    _Atomic uint32_t *life;
};

/* This process's world, made at the first call; NULL without memory. */
struct world *world_open(void);

/* Enter the gate of this thread. NULL without memory. Leave with thread_leave(). */
struct thread *world_enter_first(void);

static inline struct thread *world_enter(void) {
    struct world *world = forkpage_world();
    struct thread *thread = thread_current;
    if (world == NULL || thread == NULL || thread->world != world) return world_enter_first();
    thread_enter(thread);
    return thread;
}

/* Attach where that was not tried before; the status of the try. */
shs_status world_attach(struct world *world);

/* Attach with these options, or change them. */
shs_status world_configure(struct world *world, const struct shs_options *options);
void world_detach(struct world *world);

/* Publish the endpoint again: its directory vanished. By the agent. */
void world_republish(struct world *world);

/* When a call that starts now must be over. */
deadline world_deadline(struct world *world);

#endif
