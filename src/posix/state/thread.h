/*
 * What the library keeps for a thread of the application: its reader, and the segments that it has on lease.
 *
 * A lease is a segment in which this thread alone allocates, so that threads that allocate do not meet. The struct
 * thread is made at the thread's first call and goes when the thread ends; its segments go back to their pools then. A
 * thread for which there is no memory shares the spare one of the context, one thread at a time, so that no call fails
 * for want of it.
 *
 * Used by every call of the contract, through context_enter(). The leases are changed under the context's lock, and
 * read by their thread inside its reader.
 */
#ifndef SHSHARED_STATE_THREAD_H
#define SHSHARED_STATE_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "rcu/rcu.h"

#define LEASES 32

struct context;
struct segment;

struct lease {
    _Atomic(struct segment *) segment;
    uint32_t owner;
};

struct thread {
    struct rcu_reader reader;
    bool is_spare; /* shared by threads without one of their own: context->spare_lock is held inside */
    struct context *context;
    struct lease leases[LEASES];
};

extern _Thread_local struct thread *shs__thread_current;

/* Once before the first thread registers; false without memory. */
bool shs__thread_prepare(void);

/* Make the calling thread known to the context; NULL without memory. */
struct thread *shs__thread_register(struct context *context);

/* Where the lease for blocks of a size class in an owner is kept. Two that share a place take it from each other: the
 * segment of the one goes back to its pool, and that costs the other a lock, no more. */
static inline struct lease *thread_lease(struct thread *thread, uint32_t owner, uint32_t size_class) {
    const uint32_t hash = (owner * UINT32_C(2654435761) >> 16) + size_class * 5u; /* 6 classes of an owner: 6 places */
    return &thread->leases[hash % LEASES];
}

#endif
