/*
 * Threads of the application inside the library: gates, and the segments that each has on lease.
 *
 * Fast paths take no lock. A thread passes its own gate on the way in and out; who wants to free something that a fast
 * path may be looking at first makes it impossible to find, and then waits until every thread that was inside has come
 * out (thread_wait). Inside a gate nothing waits and nothing takes the world's lock.
 *
 * A lease is a segment in which this thread alone allocates: threads that allocate do not meet.
 */
#ifndef SHSHARED_POSIX_THREAD_H
#define SHSHARED_POSIX_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LEASES 32

struct segment;
struct world;

struct lease {
    _Atomic(struct segment *) segment;
    uint32_t owner;
    uint32_t class;
};

struct thread {
    _Atomic uint32_t gate; /* odd: inside */
    bool fenced;           /* the gate needs a fence of its own (barrier.h) */
    struct world *world;
    struct thread *next; /* of world->threads, under its lock */
    struct lease leases[LEASES];
};

extern _Thread_local struct thread *thread_current;

/* Once before the first thread registers; false without memory. */
bool thread_prepare(void);

/* Make this thread known to the world; NULL without memory. */
struct thread *thread_register(struct world *world);

static inline void thread_enter(struct thread *thread) {
    const uint32_t gate = atomic_load_explicit(&thread->gate, memory_order_relaxed);
    if (thread->fenced) {
        (void)atomic_exchange(&thread->gate, gate + 1);
    } else {
        atomic_store_explicit(&thread->gate, gate + 1, memory_order_relaxed);
        atomic_signal_fence(memory_order_seq_cst);
    }
}

static inline void thread_leave(struct thread *thread) {
    const uint32_t gate = atomic_load_explicit(&thread->gate, memory_order_relaxed);
    atomic_store_explicit(&thread->gate, gate + 1, memory_order_release);
}

/* Wait until every thread that is inside now has come out once. Under the world's lock, not inside a gate. */
void thread_wait(struct world *world);

static inline struct lease *thread_lease(struct thread *thread, uint32_t owner, uint32_t class) {
    return &thread->leases[((owner * UINT32_C(2654435761) >> 16) + class * 5u) % LEASES];
}

#endif
