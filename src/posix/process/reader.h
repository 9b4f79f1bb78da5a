/*
 * Threads of the application inside the library: gates, and the segments that each has on lease.
 *
 * Fast paths take no lock. A thread passes its own gate on the way in and out; who wants to free something that a fast
 * path may be looking at first makes it impossible to find, and then waits until every thread that was inside has come
 * out (reader_synchronize). Inside a gate nothing waits and nothing takes the world's lock.
 *
 * A lease is a segment in which this thread alone allocates: threads that allocate do not meet.
 */
#ifndef SHSHARED_PROCESS_READER_H
#define SHSHARED_PROCESS_READER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LEASES 32

struct segment;
struct context;

struct lease {
    _Atomic(struct segment *) segment;
    uint32_t owner;
    uint32_t size_class;
};

struct reader {
    _Atomic uint32_t section; /* odd: inside */
    bool fenced;              /* the gate needs a fence of its own (barrier.h) */
    struct context *context;
    struct reader *next; /* of world->threads, under its lock */
    struct lease leases[LEASES];
};

extern _Thread_local struct reader *reader_current;

/* Once before the first thread registers; false without memory. */
bool reader_prepare(void);

/* Make this thread known to the world; NULL without memory. */
struct reader *reader_register(struct context *context);

static inline void reader_enter(struct reader *reader) {
    const uint32_t section = atomic_load_explicit(&reader->section, memory_order_relaxed);
    if (reader->fenced) {
        (void)atomic_exchange(&reader->section, section + 1);
    } else {
        atomic_store_explicit(&reader->section, section + 1, memory_order_relaxed);
        atomic_signal_fence(memory_order_seq_cst);
    }
}

static inline void reader_leave(struct reader *reader) {
    const uint32_t section = atomic_load_explicit(&reader->section, memory_order_relaxed);
    atomic_store_explicit(&reader->section, section + 1, memory_order_release);
}

/* Wait until every thread that is inside now has come out once. Under the world's lock, not inside a gate. */
void reader_synchronize(struct context *context);

static inline struct lease *reader_lease(struct reader *reader, uint32_t owner, uint32_t size_class) {
    return &reader->leases[((owner * UINT32_C(2654435761) >> 16) + size_class * 5u) % LEASES];
}

#endif
