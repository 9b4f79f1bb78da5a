/*
 * Kept segments, in a list. See kept.h.
 */
#include "state/kept.h"

void shs__kept_add(struct kept *kept, struct segment *segment) {
    if (segment->kept) return;
    segment->kept = true;
    segment->next_kept = NULL;
    segment->previous_kept = kept->last;
    *(kept->last == NULL ? &kept->first : &kept->last->next_kept) = segment;
    kept->last = segment;
    kept->count++;
    kept->bytes += shs__segment_extent(&segment->geometry);
}

void shs__kept_remove(struct kept *kept, struct segment *segment) {
    if (!segment->kept) return;
    segment->kept = false;
    *(segment->previous_kept == NULL ? &kept->first : &segment->previous_kept->next_kept) = segment->next_kept;
    *(segment->next_kept == NULL ? &kept->last : &segment->next_kept->previous_kept) = segment->previous_kept;
    kept->count--;
    kept->bytes -= shs__segment_extent(&segment->geometry);
}
