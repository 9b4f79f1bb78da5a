/*
 * Peers: the processes to which this one has a connection, each known by its pid.
 *
 * A peer is reached once: found, connected to, made to prove who it is. The connection is kept, and all that is known
 * of the peer's blocks hangs on it and goes with it. Requests to a peer are made in turns, one thread at a time; the
 * server makes none. Calls look a peer up inside their reader; everything else is guarded by the context's lock, which
 * is not held while somebody waits for a response or for a turn.
 *
 * Called through peer_call.h by whoever makes a request, and directly by alloc.c for its segments, by trim.c, and by
 * the server's housekeeping. Owns the connections.
 */
#ifndef SHSHARED_STATE_PEER_H
#define SHSHARED_STATE_PEER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "block/handle_table.h"
#include "block/pool.h"
#include "ipc/wire.h"
#include "os/wait.h"
#include "rcu/rcu.h"
#include "state/third_grant.h"
#include "status.h"

#define PEER_BUCKETS 256

struct context;
struct thread;

/* A connection, as long as it lasts. */
struct peer_connection {
    int fd;
    bool ending;                      /* with the last thread that uses the peer; under the context's lock */
    uint32_t user;                    /* whose process the peer is */
    const _Atomic uint32_t *liveness; /* the peer's liveness word; NULL: it shows none */
    struct third_grant *grant;        /* of this process, as a third one there */
    bool announced;                   /* the server was told of it */
    bool watched;                     /* the server sees when the peer says something */
    _Atomic bool ended;               /* by the peer, which says that it lives: for the sake of others */
    struct rcu_item item;
};

/* What the peer is still to be told: that it need not keep something for this process, or that a segment is emptied. */
struct release {
    struct release *next;
    enum wire_kind kind; /* RELEASE_SEGMENT, UNHEARD, or EMPTIED */
    uint32_t number;     /* the segment's base, or the serial of the request */
};

struct peer {
    shs_pid pid;
    _Atomic(struct peer *) next;                  /* in its bucket */
    _Atomic(struct peer_connection *) connection; /* NULL: none */
    uint32_t serial;                              /* of the last request */
    uint32_t answered;                            /* of the last response */
    bool busy;                                    /* a thread has its turn, and alone uses the connection */
    bool pending;                                 /* there is something to tell or to hear before the turn ends */
    unsigned uses;                                /* threads that have a turn, wait for one, or keep it from going */
    moment used;                                  /* when the last turn began that this process wanted */
    struct peer *before, *after;                  /* in the order of that */
    struct release *releases, *releases_last;
    struct pool pool;
    struct handle_table known;
    struct segment *segments; /* that are known (peer_segments.h) */
    struct rcu_item item;
};

/* Peers whose pids hash alike. What is due for none of them costs no look at each. */
struct peer_bucket {
    _Atomic(struct peer *) first;
    _Atomic bool unwatched; /* there may be connections that the server does not watch */
    _Atomic bool queued;    /* there may be something to tell */
};

struct peers {
    struct peer_bucket buckets[PEER_BUCKETS];
    struct peer *least_lately, *latest; /* used */
    unsigned count;
};

static inline unsigned peer_hash(shs_pid pid) { return (pid * UINT32_C(2654435761)) >> 24; }

static inline struct peer_bucket *peers_bucket(struct peers *peers, shs_pid pid) {
    return &peers->buckets[peer_hash(pid)];
}

/* The peer of a pid, if it is known. Inside a reader. */
struct peer *shs__peer_find(struct peers *peers, shs_pid pid);

/* Does it still serve? Without a system call where it has a liveness word. Inside a reader. */
bool shs__peer_is_alive(const struct peer *peer);

/* Have a turn with a peer, which may not be connected: shs__peer_begin() is for whoever wants that. shs__peer_end()
 * (notifications.h) ends the turn; this is its step: false where notifications come first. */
shs_status shs__peer_take_turn(struct context *context, shs_pid pid, const struct waiting *wait, struct peer **peer);
bool shs__peer_try_end(struct context *context, struct peer *peer);

/* In a turn: the connection is gone, and so is all that was known by it. It is reclaimed when the turn has ended, as to
 * unmap takes its time. */
void shs__peer_disconnect(struct context *context, struct peer *peer);

/* Keep a peer that is known and alive from going, without a turn; NULL when there is none such. Not inside the reader.
 */
struct peer *shs__peer_get(struct thread *thread, shs_pid pid);
void shs__peer_put(struct context *context, struct peer *peer);

/* Let the peer know, soon, that nothing is allocated any more in the segment at this index, or that it is emptied; or
 * that nobody waits for the response to the request of this serial. False without memory. Under the context's lock. */
bool shs__peer_queue_release(struct context *context, struct peer *peer, enum wire_kind kind, uint32_t number);

/* A turn with a peer that something is queued for, that nobody has a turn with, and with which the last one began
 * before; of those in one bucket, NULL when there is none: what is left then is marked as such. */
struct peer *shs__peer_take_queued(struct context *context, struct peer_bucket *bucket, deadline before);

/* A turn with one of a bucket that is pending and that nobody has a turn with; NULL when there is none. */
struct peer *shs__peer_take_pending(struct context *context, const struct peer_bucket *bucket);

/* A turn with a peer that nobody uses; NULL where somebody does, or it is not known. */
struct peer *shs__peer_take_unused(struct context *context, shs_pid pid);

/* End all connections, those that a thread uses when it is done. */
void shs__peers_end_all(struct context *context);

/* In a forked child: unmap the liveness words that the parent saw. Its peers are whole at every instant, and nobody's
 * now. */
void shs__peers_abandon(struct peers *peers);

#endif
