/*
 * The owner of blocks. See owner.h.
 *
 * Nothing that a peer says is believed: descriptors are checked before they are mapped, geometry before it is used, and
 * state words are written by the owner itself.
 */
#include "state/owner.h"

#include "block/view_count.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/shm_object.h"
#include "state/context.h"
#include "state/trim.h"
#include "state/view_status.h"

struct segment *shs__owner_find(struct context *context, shs_handle handle) {
    const uint32_t index = handle_index(handle);
    struct segment *segment = handle_table_find(&context->own, index);
    if (segment == NULL) return NULL;
    return slot_names(atomic_load(&segment->words[index - segment->base]), handle_generation(handle)) ? segment : NULL;
}

/* ---- registering ---- */

/* Write the state of every slot: dead, at the generation from which its number goes on. */
static void prepare_words(struct context *context, struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t generation = shs__handle_numbers_generation(&context->numbers, segment->base + i);
        atomic_store(&segment->words[i], generation << SLOT_GENERATION_SHIFT);
    }
    atomic_store(segment->noted, 0);
}

static shs_status try_to_register(struct context *context, struct segment *segment) {
    const uint32_t count = segment->geometry.count;
    if (!shs__registry_has_room(context, segment) ||
        !shs__handle_numbers_take(&context->numbers, count, &segment->base))
        return status_local(SHS_E_LIMIT);
    segment->identity = ++context->identities;
    prepare_words(context, segment);
    const shs_status status = shs__registry_add(context, segment, &context->own);
    if (status != SHS_OK) shs__handle_numbers_give(&context->numbers, segment->base, count);
    return status;
}

static shs_status register_locked(struct context *context, struct segment *segment) {
    context_lock(context);
    const shs_status status = try_to_register(context, segment);
    context_unlock(context);
    return status;
}

shs_status shs__owner_register(struct context *context, struct segment *segment) {
    segment->owner = context->pid;
    shs_status status = register_locked(context, segment);
    if (status == SHS_E_LIMIT) { /* what was freed, or left when peers ended, makes room as soon as room is wanted */
        shs__trim_unused(context);
        shs__compact(context);
        status = register_locked(context, segment);
    }
    if (status != SHS_OK) shs__segment_close(segment);
    return status;
}

/* ---- single blocks ---- */

static shs_status export_locked(struct context *context, shs_handle handle, struct mapping *exported, int *fd) {
    struct segment *segment = shs__owner_find(context, handle);
    if (segment == NULL) return status_local(SHS_E_HANDLE);
    const uint32_t slot = handle_index(handle) - segment->base;
    const shs_status status = view_status(shs__view_export(segment, handle));
    if (status != SHS_OK) return status;
    atomic_store(&segment->shared, true);
    exported->offset = segment->geometry.offset + slot * segment->geometry.stride;
    exported->access = segment->writable ? SHS_READ_WRITE : SHS_READ;
    exported->size = segment_size(segment, slot);
    exported->room = segment->geometry.stride;
    exported->giver = segment->giver;
    return shs__fd_duplicate(segment->data_fd, fd);
}

shs_status shs__owner_export(struct context *context, shs_handle handle, struct mapping *exported, int *fd) {
    context_lock(context);
    const shs_status status = export_locked(context, handle, exported, fd);
    context_unlock(context);
    return status;
}

static shs_status export_apart(struct context *context, shs_handle handle, struct mapping *exported, int *fd) {
    const struct segment *segment = shs__owner_find(context, handle);
    if (segment != NULL && !data_is_apart(segment->geometry.offset)) return status_local(SHS_E_ACCESS);
    return export_locked(context, handle, exported, fd);
}

shs_status shs__owner_export_to_other(struct context *context, shs_handle handle, shs_access access,
                                      struct mapping *exported, int *fd) {
    context_lock(context);
    const shs_status status = export_apart(context, handle, exported, fd);
    context_unlock(context);
    if (status != SHS_OK) return status;
    if (access == SHS_READ) exported->access = SHS_READ;
    return exported->access == SHS_READ ? shs__shm_object_make_reading(fd) : SHS_OK;
}

/* One slot over the block's own bytes and its room; its words are in an object of their own. */
static struct segment_source source_of(const struct mapping *mapping, int data_fd) {
    const struct geometry geometry = { 1, mapping->room, mapping->offset };
    return (struct segment_source){ .geometry = geometry,
                                    .role = SEGMENT_OWNER,
                                    .writable = mapping->access == SHS_READ_WRITE,
                                    .words_fd = -1,
                                    .data_fd = data_fd };
}

static shs_status check_import(const struct mapping *mapping, const struct segment_source *source) {
    if (mapping->size > mapping->room || !shs__geometry_is_sane(&source->geometry, true))
        return status_local(SHS_E_PROTOCOL);
    const uint64_t extent = shs__segment_extent(&source->geometry);
    return source->writable ? shs__shm_object_check(source->data_fd, extent)
                            : shs__shm_object_check_reading(source->data_fd, extent);
}

static shs_status open_import(const struct mapping *mapping, int fd, struct segment **segment) {
    struct segment_source source = source_of(mapping, fd);
    shs_status status = check_import(mapping, &source);
    if (status == SHS_OK) status = shs__segment_make_words(&source.words_fd);
    if (status == SHS_OK) return shs__segment_open(&source, segment);
    shs__fd_close(fd);
    return status;
}

shs_status shs__owner_import(struct context *context, const struct mapping *mapping, int fd, shs_handle *handle) {
    struct segment *segment;
    shs_status status = open_import(mapping, fd, &segment);
    if (status != SHS_OK) return status;
    segment->giver = mapping->giver;
    segment->retired = true; /* this one block, and no other after it */
    segment->holds = 1;      /* until the block is there: a segment without one would be given back */
    status = shs__owner_register(context, segment);
    if (status != SHS_OK) return status;
    shs__segment_set_size(segment, 0, mapping->size);
    const uint32_t word = atomic_load(&segment->words[0]);
    const bool published = slot_may_be_vacant(word) && shs__view_publish(segment, 0, word, NULL, handle);
    shs__registry_let_go(context, segment);
    return published ? SHS_OK : status_local(SHS_E_HANDLE); /* the library was stopped meanwhile */
}

/* Its handle ends at once, and the segment with its view. Under the lock. */
static enum view_result view_and_end(struct context *context, shs_handle handle, shs_access access, void **view) {
    struct segment *segment = shs__owner_find(context, handle);
    if (segment == NULL) return VIEW_STALE; /* the library was stopped meanwhile */
    const enum view_result result = shs__view_lock(segment, handle, access, view);
    (void)shs__view_free(segment, handle);
    shs__registry_retire(context, segment);
    return result;
}

shs_status shs__owner_view(struct context *context, const struct mapping *mapping, int fd, void **view) {
    shs_handle handle;
    const shs_status status = shs__owner_import(context, mapping, fd, &handle);
    if (status != SHS_OK) return status;
    context_lock(context);
    const enum view_result result = view_and_end(context, handle, mapping->access, view);
    context_unlock(context);
    context_reclaim(context);
    return view_status(result);
}

shs_status shs__owner_free(struct context *context, shs_handle handle) {
    context_lock(context);
    struct segment *segment = shs__owner_find(context, handle);
    const shs_status status =
        segment == NULL ? status_local(SHS_E_HANDLE) : view_status(shs__view_free(segment, handle));
    const bool emptied = status == SHS_OK && segment_is_emptied(segment);
    context_unlock(context);
    if (emptied) shs__trim_emptied(context, context->pid, handle);
    return status;
}

void shs__owner_retire(struct context *context, uint32_t base, uint64_t connection) {
    context_lock(context);
    struct segment *segment = base < INDEX_COUNT ? handle_table_find(&context->own, base) : NULL;
    const bool given = segment != NULL && segment->role == SEGMENT_OWNER && segment->connection == connection;
    if (given && segment->base == base) shs__registry_retire(context, segment);
    context_unlock(context);
    context_reclaim(context);
}
