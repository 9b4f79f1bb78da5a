/*
 * The segments of one peer. See peer_segments.h.
 */
#include "state/peer_segments.h"

#include <stddef.h>

#include "block/segment.h"
#include "state/peer.h"

void shs__peer_segments_join(struct segment *segment) {
    if (segment->peer == NULL) return;
    struct segment **first = &segment->peer->segments;
    segment->previous_of_peer = NULL;
    segment->next_of_peer = *first;
    if (*first != NULL) (*first)->previous_of_peer = segment;
    *first = segment;
}

void shs__peer_segments_leave(const struct segment *segment) {
    struct segment *previous = segment->previous_of_peer, *next = segment->next_of_peer;
    if (segment->peer == NULL) return;
    *(previous == NULL ? &segment->peer->segments : &previous->next_of_peer) = next;
    if (next != NULL) next->previous_of_peer = previous;
}
