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
#ifndef SHSHARED_PROCESS_CONTEXT_H
#define SHSHARED_PROCESS_CONTEXT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "backend.h"
#include "block/address_map.h"
#include "block/handle_table.h"
#include "block/pool.h"
#include "ipc/endpoint.h"
#include "os/deadline.h"
#include "process/current.h"
#include "process/peer.h"
#include "process/reader.h"
#include "process/registry.h"
#include "server/server.h"

struct context {
    shs_pid pid;
    struct context *parent; /* of the process that forked this one */

    pthread_mutex_t lock;
    pthread_cond_t changed; /* a peer is no longer busy */
    struct shs_options options;
    _Atomic bool own_pages;
    struct reader *threads;
    bool membarrier; /* gates rely on membarrier_all() */
    struct registry registry;
    struct pool pool; /* for blocks of its own */
    struct peers peers;

    struct handle_table own; /* what lives here */
    struct handle_numbers numbers;
    struct address_map views;

    pthread_mutex_t attaching;
    unsigned starts; /* to be given back by shs_stop() */
    _Atomic bool attached;
    shs_status attach_status; /* how the last try ended */
    _Atomic bool attach_tried;
    struct endpoint endpoint;
    struct server server;
    int liveness_fd;
    _Atomic uint32_t *liveness;
};

/* This process's world, made at the first call; NULL without memory. */
struct context *context_open(void);

/* Enter the gate of this thread. NULL without memory. Leave with reader_leave(). */
struct reader *context_enter_first(void);

static inline struct reader *context_enter(void) {
    struct context *context = current_context();
    struct reader *reader = reader_current;
    if (context == NULL || reader == NULL || reader->context != context) return context_enter_first();
    reader_enter(reader);
    return reader;
}

/* Attach where that was not tried before; the status of the try. */
shs_status lifecycle_attach(struct context *context);

/* Attach with these options, or change them; counts as a start when it succeeds. */
shs_status lifecycle_configure(struct context *context, const struct shs_options *options);

/* Give back a start; the last one detaches. */
void lifecycle_detach(struct context *context);

/* What there is to stop: a forked child has its parent's starts before its first call. NULL: nothing was ever started.
 */
struct context *context_started(void);

/* Publish the endpoint again: its directory vanished. By the agent. */
void server_republish(struct context *context);

/* When a call that starts now must be over. */
deadline context_deadline(struct context *context);

#endif
