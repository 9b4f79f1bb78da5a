/*
 * What nobody uses goes back to the system.
 *
 * The giver decides for segments in which it allocates: it keeps freed memory for its next blocks, up to the limit that
 * shs_options.retain sets and for a time. The owner gives up what was retired; a third process what holds no block any
 * more, at once where the owner retired it. Called by the server's housekeeping, by alloc when memory, numbers or
 * descriptors are wanted, and where a third process learns of more memory. Nothing here is called under a lock.
 */
#ifndef SHSHARED_STATE_TRIM_H
#define SHSHARED_STATE_TRIM_H

#include <stdint.h>

#include "state/context.h"

/* Housekeeping: once a second or so. */
void shs__trim_periodic(struct context *context);

/* Keep within the limit now. */
void shs__trim_freed(struct thread *thread);

/* Keep within the limit although so many bytes are about to be added, or were just learned of another owner. */
void shs__trim_excess(struct context *context, uint64_t making);

/* The same, after this thread has freed so many bytes, or given back the last view of a block that was freed. Not
 * inside the reader. */
static inline void trim_freed(struct thread *thread, uint64_t bytes) {
    const uint64_t units = bytes / SEGMENT_ALIGNMENT;
    const uint32_t before = atomic_load_explicit(&thread->freed, memory_order_relaxed);
    const uint32_t freed = units < UINT32_MAX - before ? before + (uint32_t)units : UINT32_MAX;
    atomic_store_explicit(&thread->freed, freed, memory_order_relaxed);
    if (freed >= atomic_load_explicit(&thread->context->trim_step, memory_order_relaxed)) shs__trim_freed(thread);
}

/* What trim_step is for a limit. */
uint32_t shs__trim_step(uint64_t retain);

/* Give back all that holds no block, for the sake of its numbers and descriptors: also what peers keep here for their
 * next block. The owners of other segments are told by shs__peers_flush(). */
void shs__trim_unused(struct context *context);

#endif
