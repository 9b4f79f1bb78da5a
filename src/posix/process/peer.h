/*
 * Peers: the processes to which this one has a connection, each known by its pid.
 *
 * A peer is reached once: found, connected to, made to prove who it is. The connection is kept, and all that is known
 * of the peer's blocks hangs on it and goes with it. One thread at a time asks; the agent never does. Fast paths look a
 * peer up inside a gate; everything else is under the world's lock, which is not held while somebody waits for an
 * answer.
 */
#ifndef SHSHARED_PROCESS_PEER_H
#define SHSHARED_PROCESS_PEER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "block/handle_table.h"
#include "block/pool.h"
#include "ipc/wire.h"
#include "os/deadline.h"

#define PEER_BUCKETS 256

struct context;

struct peer {
    shs_pid pid;
    _Atomic(struct peer *) next;                /* in its bucket */
    _Atomic int fd;                             /* -1: not connected */
    _Atomic(const _Atomic uint32_t *) liveness; /* its life word; NULL: it shows none */
    uint32_t answered;                          /* the last question that it answered */
    uint32_t serial;                            /* of the last question */
    bool busy;                                  /* a thread asks, and alone uses fd */
    unsigned uses;                              /* threads that ask or wait for their turn */
    deadline used;                              /* when it was last asked */
    struct pool pool;
    struct handle_table known;
};

struct peers {
    _Atomic(struct peer *) buckets[PEER_BUCKETS];
    unsigned count;
};

/* The peer of a pid, if it is known. Inside a gate. */
struct peer *peer_find(struct peers *peers, shs_pid pid);

/* Does it still serve? Without a system call where it has a life word. Inside a gate. */
bool peer_is_alive(const struct peer *peer);

/* Reach a peer, and have it for this thread alone until peer_end(). */
shs_status peer_begin(struct context *context, shs_pid pid, deadline until, struct peer **peer);
void peer_end(struct context *context, struct peer *peer);

/* Keep a peer that is known and alive from going, without asking it anything; NULL when there is none such. */
struct peer *peer_get(struct context *context, shs_pid pid);
void peer_put(struct context *context, struct peer *peer);

/*
 * Ask and wait for the answer: the status that the peer answered, or of the try. fd is sent where it is not negative;
 * *answer_fd, where a caller wants one, is the caller's to close, and SHS_OK comes with it. A connection that fails
 * ends, with SHS_E_NOT_ATTACHED; one that is only late does not.
 */
shs_status peer_call(struct context *context, struct peer *peer, struct message *request, int fd,
                     struct message *response, int *response_fd, deadline until);

/* Send what needs no answer, if that can be done at once. Under the world's lock; the peer is not busy, or this
 * thread's. */
bool peer_notify(struct peer *peer, const struct message *told);

/* Close the connections to those that are gone, and all of them. Under the world's lock. */
void peers_sweep(struct context *context);
void peers_close(struct context *context);

/* In a forked child: unmap the life words that the parent saw. Its peers are whole at every instant, and nobody's now.
 */
void peers_abandon(struct peers *peers);

#endif
