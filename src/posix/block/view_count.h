/*
 * A block's views in this process: lock, unlock, free and what they mean for the state word.
 *
 * Each slot of a segment has a view count of this process: how many views for writing and for reading it has. The count
 * goes from 0 to 1, and back, together with the presence bit in the state word. All functions are called where the
 * segment cannot go: inside a reader, under the context's lock, or in a child for what it inherited. They take no lock.
 */
#ifndef SHSHARED_BLOCK_VIEW_COUNT_H
#define SHSHARED_BLOCK_VIEW_COUNT_H

#include "block/segment.h"

enum view_result {
    VIEW_DONE,
    VIEW_STALE,         /* the handle is not valid here (any more), or the address is no view's */
    VIEW_WANTS_READING, /* the segment must be mapped for reading first */
    VIEW_READ_ONLY,     /* the handle is for reading only */
    VIEW_TOO_MANY,      /* the count is full */
    VIEW_NONSENSE       /* somebody scribbles on the word */
};

/* Give the block in a vacant slot its handle, as slot_publish() does; where view is not NULL with a first view of it,
 * for writing. False when the slot was retired in between: then nothing has happened. */
bool shs__view_publish(struct segment *segment, uint32_t slot, uint32_t seen, void **view, shs_handle *handle);

enum view_result shs__view_lock(struct segment *segment, uint32_t handle, shs_access access, void **view);
enum view_result shs__view_unlock(struct segment *segment, const void *view);
enum view_result shs__view_size(const struct segment *segment, const void *view, size_t *size);

/* unlock in a forked child: its own count only, the words belong to the parent. */
enum view_result shs__view_unlock_inherited(struct segment *segment, const void *view);

/* Are there views of the slot in this process, for this access? */
bool shs__view_is_there(const struct segment *segment, uint32_t slot, shs_access access);

/* Let no view of the segment begin in this process until shs__view_go_on(): who wants one waits, for moments. False
 * where there is a view; then nothing has happened. */
bool shs__view_stop(struct segment *segment);
void shs__view_go_on(struct segment *segment);

/* Close the handle. */
enum view_result shs__view_free(struct segment *segment, uint32_t handle);

/* Somebody keeps the memory of the block for good: its slot is never used again. */
enum view_result shs__view_export(struct segment *segment, uint32_t handle);

#endif
