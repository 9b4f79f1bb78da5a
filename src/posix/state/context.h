/*
 * The context: all that the library knows in one life of a process.
 *
 * A process has one, made at its first call and never freed; shs_stop() empties it. A forked child has none: it makes a
 * new one, and never touches a lock or a list of its parent's, which another thread may have been changing. Of the old
 * context it reads options and starts, and what was mapped: where inherited views are, and what else can be unmapped.
 *
 * Locks: context->lock guards the registry, pools, peers, numbers and options, for moments: no system call that may
 * take long is made under it, and nothing waits. context->attaching makes one of several starts and stops at a time,
 * and is held throughout them. Calls that find all they need take neither: they are readers (rcu/rcu.h). Threads that
 * share the spare reader hold context->spare_lock inside it; no other lock is taken under that.
 */
#ifndef SHSHARED_STATE_CONTEXT_H
#define SHSHARED_STATE_CONTEXT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "block/address_map.h"
#include "block/handle_numbers.h"
#include "block/handle_table.h"
#include "block/pool.h"
#include "ipc/admission.h"
#include "ipc/endpoint.h"
#include "os/wait.h"
#include "rcu/rcu.h"
#include "state/arena.h"
#include "state/compaction.h"
#include "state/current.h"
#include "state/emptied.h"
#include "state/kept.h"
#include "state/peer.h"
#include "state/registry.h"
#include "state/third_numbers.h"
#include "state/thread.h"

struct server;

#define UNHEARD_MOST 16

/* A handle that an owner was asked to close, and may have closed, for all that was heard of it. */
struct unheard {
    shs_pid owner;
    shs_handle handle;
    uint64_t question; /* 0: none */
};

struct context {
    shs_pid pid;
    uint64_t life;          /* by which owners tell it from others that this pid has, or had */
    struct context *parent; /* of the process that forked this one */

    pthread_mutex_t lock;
    pthread_cond_t turn_ended; /* a peer is no longer busy */
    struct shs_options options;
    _Atomic bool own_pages; /* options that calls read without the lock */
    _Atomic bool apart;     /* every block is made apart (segment.h), as it may go to another user's process */
    _Atomic uint32_t timeout_ms;
    _Atomic bool await_starting;
    _Atomic bool trim_due;       /* somebody heard in a turn of what may exceed the limit */
    _Atomic bool look_due;       /* or of segments that may have lost their last block, but not of which */
    _Atomic bool keeps_too_much; /* more than the limit, as a view kept it from being given back */

    struct rcu rcu;
    struct thread spare; /* for threads without memory for one of their own */
    pthread_mutex_t spare_lock;

    struct registry registry;
    struct arenas arenas;
    struct compaction compaction;
    struct pool pool; /* for blocks of its own */
    struct kept kept; /* what holds no block */
    struct emptied_queue emptied;
    int wakeup_fd; /* written to, to wake the server; -1: it cannot be. Under the lock */
    struct peers peers;
    struct handle_table own; /* what lives here */
    struct handle_numbers numbers;
    struct third_numbers thirds;              /* of those that look at them */
    struct third_grant *grants[PEER_BUCKETS]; /* what this process has, as a third one */
    uint64_t identities;                      /* the last that was given to a segment; they begin anywhere */
    struct unheard unheard[UNHEARD_MOST];
    _Atomic uint64_t questions; /* the number of the last; they begin anywhere, as a pid can be used again */
    struct address_map addresses;

    /* Of attach.c: how others reach this process. */
    pthread_mutex_t attaching;
    unsigned starts; /* to be given back by shs_stop(); a forked child has its parent's */
    _Atomic bool attached;
    bool serving; /* under attaching: it answers; at exit, without its names, too */
    _Atomic bool attach_tried;
    shs_status attach_status; /* how the last try ended, and what the system said */
    long attach_error;
    struct runtime_place place; /* where they look; under the lock */
    struct endpoint endpoint;
    _Atomic bool lock_doubtful; /* something was closed that may have been its lock file, and the lock gone with it */
    _Atomic uint32_t *liveness;
    int liveness_fd;
    struct server *server; /* what answers them */
    _Atomic int pump_fd;   /* readable when the application shall answer; -1: it does not serve */
    void (*pump)(void *context);
};

/* This process's context, made at the first call; NULL without memory. */
struct context *shs__context_open(void);

/* What there is to stop: a forked child has its parent's starts before its first call. NULL: nothing was ever started.
 */
struct context *shs__context_started(void);

/* The context of this process or, in a child that has not called the library yet, of the one that forked it. */
struct context *shs__context_inherited(void);

static inline void context_lock(struct context *context) { (void)pthread_mutex_lock(&context->lock); }
static inline void context_unlock(struct context *context) { (void)pthread_mutex_unlock(&context->lock); }

/* Reclaim what was unlinked under the lock; without it, and not inside a reader. */
static inline void context_reclaim(struct context *context) { rcu_reclaim(&context->rcu, context); }

/* Enter and leave the reader of a thread. */
static inline void thread_enter(struct thread *thread) {
    if (thread->is_spare) (void)pthread_mutex_lock(&thread->context->spare_lock);
    rcu_enter(&thread->reader);
}

static inline void thread_leave(struct thread *thread) {
    rcu_leave(&thread->reader);
    if (thread->is_spare) (void)pthread_mutex_unlock(&thread->context->spare_lock);
}

/* Enter the reader of the calling thread. NULL where no context can be made for want of memory. */
struct thread *shs__context_enter_first(void);

static inline struct thread *context_enter(void) {
    struct context *context = current_context();
    struct thread *thread = shs__thread_current;
    if (context == NULL || thread == NULL || thread->context != context) return shs__context_enter_first();
    rcu_enter(&thread->reader);
    return thread;
}

/* A number for a question that may have to be asked again; no two have the same, and none is 0. */
uint64_t shs__context_question(struct context *context);

/* How a call that starts now waits for other processes. */
struct waiting shs__context_wait(struct context *context);

/* Whom the application admits, as of now. */
struct admission shs__context_admission(struct context *context);

/* Where it looks for others, as of the last try to attach. */
struct runtime_place shs__context_place(struct context *context);

#endif
