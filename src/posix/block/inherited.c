/*
 * What a forked child keeps of a segment that its parent had mapped: the pages of blocks that the parent viewed, so
 * that the child can use the views, and nothing else. It may be about to give up its parent's rights.
 *
 * Runs in the child before fork() returns there (state/context.c), whatever other threads of the parent did: no lock is
 * taken, and nothing but system calls that unmap is called. No state.
 */
#include "block/view_count.h"
#include "os/pages.h"
#include "os/shm_object.h"

/* Does any block of which these bytes of the data are a part have a view? */
static bool is_viewed(const struct segment *segment, uint64_t from, uint64_t to, shs_access access) {
    const uint64_t stride = segment->geometry.stride;
    for (uint64_t slot = from / stride; slot < segment->geometry.count && slot * stride < to; slot++) {
        if (shs__view_is_there(segment, (uint32_t)slot, access)) return true;
    }
    return false;
}

static void unmap(struct segment_span span, uint64_t from, uint64_t to) {
    if (to > from) shs__shm_object_unmap((void *)(span.address + (uintptr_t)from), to - from);
}

/* Of one mapping of the data. The first block may begin within a page. */
static void keep_viewed_pages(const struct segment *segment, shs_access access) {
    const struct segment_span span = shs__segment_span(segment, access);
    const uint64_t page = page_size(), lead = segment->geometry.offset % page;
    uint64_t unviewed = 0; /* since here nothing is viewed */
    for (uint64_t at = 0; at < span.length; at += page) {
        if (!is_viewed(segment, at < lead ? 0 : at - lead, at + page - lead, access)) continue;
        unmap(span, unviewed, at);
        unviewed = at + page;
    }
    unmap(span, unviewed, span.length);
}

/* The sizes beside the words are still read, for views. */
static void keep_viewed(struct segment *segment) {
    keep_viewed_pages(segment, SHS_READ);
    keep_viewed_pages(segment, SHS_READ_WRITE);
    shs__shm_object_protect(segment->words, shs__segment_head(segment->geometry.count));
}

void shs__segment_abandon(struct segment *segment) {
    if (segment->abandoned) return;
    segment->abandoned = true;
    if (shs__segment_has_views(segment))
        keep_viewed(segment);
    else
        shs__segment_unmap(segment);
}
