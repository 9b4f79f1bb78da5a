/*
 * A new segment for the next block: made and mapped here, and taken by its owner. Called by alloc.c.
 *
 * Making, filling and mapping are done before the owner's turn, so that other threads need not wait for one whose block
 * is large. No state of its own.
 */
#ifndef SHSHARED_CLIENT_NEW_SEGMENT_H
#define SHSHARED_CLIENT_NEW_SEGMENT_H

#include "block/pool.h"
#include "contents.h"
#include "os/wait.h"
#include "status.h"

struct context;

/* What it is wanted for. */
struct want {
    struct context *context;
    shs_pid owner;
    uint32_t size_class;
    struct contents contents; /* of a block that has the segment to itself: they are in it then */
    struct waiting wait;
};

/* A segment that is registered and pooled, and held by the caller; so is its peer, to be given back by
 * shs__peer_put(). */
shs_status shs__new_segment(struct want *want, struct segment **segment);

#endif
