/*
 * What nobody uses goes back to the system.
 *
 * The giver decides for segments in which it allocates: it keeps freed memory for its next blocks, up to the limit that
 * shs_options.retain sets and for a time. The owner gives up what was retired; a third process what holds no block any
 * more, at once where the owner retired it. Called by the server's housekeeping, by alloc when memory, numbers or
 * descriptors are wanted, and where a third process learns of more memory. Nothing here is called under a lock.
 */
#ifndef SHSHARED_PROCESS_TRIM_H
#define SHSHARED_PROCESS_TRIM_H

#include <stdint.h>

struct context;

/* Housekeeping: once a second or so. */
void shs__trim_periodic(struct context *context);

/* Keep within the limit although so many bytes are about to be added, or were just learned of another owner. */
void shs__trim_excess(struct context *context, uint64_t making);

/* Give back all that holds no block, for the sake of its numbers and descriptors: also what peers keep here for their
 * next block. The owners of other segments are told by peer_flush(). */
void shs__trim_unused(struct context *context);

#endif
