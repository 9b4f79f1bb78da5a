/*
 * Segments: made, mapped, closed. See segment.h; views are counted in view_count.c.
 */
#include "block/segment.h"

#include <errno.h>
#include <stdlib.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/pages.h"
#include "os/shm_object.h"

/* The limit for the data, and for what is before it in the object: so their sum, the object's size, fits an off_t. */
#define BYTES_MOST (INT64_MAX / 2)

uint64_t shs__segment_head(uint32_t count) {
    return page_round((uint64_t)count * (2 * sizeof(slot_word) + sizeof(struct slot_size)) + sizeof(slot_word));
}

uint64_t shs__segment_extent(const struct geometry *geometry) {
    return geometry->offset + (uint64_t)geometry->count * geometry->stride;
}

static bool is_power_of_two(uint64_t number) { return number != 0 && (number & (number - 1)) == 0; }

bool shs__geometry_is_sane(const struct geometry *geometry, bool split) {
    if (!is_power_of_two(geometry->count) || geometry->count > SEGMENT_SLOTS_MOST) return false;
    if (geometry->count > 1 && !is_power_of_two(geometry->stride)) return false;
    if (geometry->stride < SEGMENT_ALIGNMENT || geometry->stride % SEGMENT_ALIGNMENT != 0) return false;
    if (geometry->stride > (geometry->count == 1 ? BYTES_MOST : SEGMENT_SHARED_MOST / geometry->count)) return false;
    if (geometry->offset % SEGMENT_ALIGNMENT != 0 || geometry->offset > BYTES_MOST) return false;
    const uint64_t head = shs__segment_head(geometry->count);
    return split ? geometry->count == 1 : geometry->offset >= head && (geometry->offset - head) % page_size() == 0;
}

shs_status shs__segment_make_object(const struct geometry *geometry, const void *data, uint64_t size, int *fd) {
    const struct shm_contents contents = { shs__segment_extent(geometry), data, geometry->offset, size };
    return shs__shm_object_make(&contents, fd);
}

shs_status shs__segment_make_words(int *fd) {
    const struct shm_contents words = { .size = shs__segment_head(1) };
    return shs__shm_object_make(&words, fd);
}

/* Data need not start at a page: a block mapped from a slot of another segment has its neighbours before it. */
static uint64_t lead(const struct segment *segment) { return segment->geometry.offset % page_size(); }

static uint64_t data_length(const struct segment *segment) {
    return page_round(lead(segment) + segment->geometry.count * segment->geometry.stride);
}

static shs_status map_data(const struct segment *segment, bool writable, unsigned char **first) {
    void *address;
    const uint64_t skip = lead(segment);
    const shs_status status = shs__shm_object_map(segment->data_fd, segment->geometry.offset - skip,
                                                  data_length(segment), writable, &address);
    if (status == SHS_OK) *first = (unsigned char *)address + skip;
    return status;
}

shs_status shs__segment_map_reading(const struct segment *segment, unsigned char **first) {
    if (!shs__fd_is_ours(segment->data_fd)) return shs__status_from_errno(EBADF);
    return map_data(segment, false, first);
}

void shs__segment_show_reading(struct segment *segment, unsigned char *first) {
    atomic_store(&segment->data_reading, first);
}

static shs_status map_words(struct segment *segment) {
    void *head;
    const uint32_t count = segment->geometry.count;
    const uint64_t size = shs__segment_head(count);
    const uint64_t at = segment->words_fd == segment->data_fd ? segment->geometry.offset - size : 0;
    const shs_status status = shs__shm_object_map(segment->words_fd, at, size, true, &head);
    if (status != SHS_OK) return status;
    segment->words = head;
    segment->sizes = (struct slot_size *)(segment->words + count);
    segment->thirds = (slot_word *)(segment->sizes + count);
    segment->noted = segment->thirds + count;
    return SHS_OK;
}

shs_status shs__segment_take_words(struct segment *segment, int fd) {
    segment->words_fd = fd;
    return map_words(segment);
}

static shs_status map_all(struct segment *segment) {
    unsigned char *first;
    const bool is_owner = (segment->presence & SLOT_PRESENT_OWNER) != 0;
    shs_status status = segment->words_fd < 0 ? SHS_OK : map_words(segment);
    if (status != SHS_OK) return status;
    if (segment->writable) {
        status = map_data(segment, true, &first);
        if (status != SHS_OK) return status;
        atomic_store(&segment->data, first);
        if (is_owner) return SHS_OK;
    }
    status = map_data(segment, false, &first);
    if (status == SHS_OK) shs__segment_show_reading(segment, first);
    return status;
}

static void close_pair(int words_fd, int data_fd) {
    if (data_fd != words_fd) shs__fd_close(data_fd);
    shs__fd_close(words_fd);
}

void shs__segment_close_source(const struct segment_source *source) {
    if (!source->borrows) close_pair(source->words_fd, source->data_fd);
}

void shs__segment_close_descriptors(struct segment *segment) {
    if (!segment->borrows) close_pair(segment->words_fd, segment->data_fd);
    segment->words_fd = segment->data_fd = -1;
}

static unsigned stride_shift(const struct geometry *geometry) {
    unsigned shift = 0;
    while (geometry->count > 1 && (UINT64_C(1) << shift) < geometry->stride)
        shift++;
    return shift;
}

/* A segment of the process's own has the owner's bit alone: one process, one count, one bit. */
static uint32_t presence_of(enum segment_role role) {
    if (role == SEGMENT_THIRD) return SLOT_PRESENT_NOBODY;
    return role == SEGMENT_GIVER ? SLOT_PRESENT_GIVER : SLOT_PRESENT_OWNER;
}

/* NULL without memory. */
static struct segment *new_segment(const struct segment_source *source) {
    struct segment *made = calloc(1, sizeof *made);
    _Atomic uint32_t *views = calloc(source->geometry.count, sizeof *views);
    if (made == NULL || views == NULL) {
        free(made);
        free(views);
        return NULL;
    }
    made->geometry = source->geometry;
    made->role = source->role;
    made->writable = source->writable;
    made->presence = presence_of(source->role);
    made->shift = stride_shift(&source->geometry);
    made->views = views;
    made->words_fd = source->words_fd;
    made->data_fd = source->data_fd;
    made->borrows = source->borrows;
    return made;
}

shs_status shs__segment_open(const struct segment_source *source, struct segment **segment) {
    struct segment *made = new_segment(source);
    if (made == NULL) {
        shs__segment_close_source(source);
        return status_local(SHS_E_NO_MEMORY);
    }
    const shs_status status = map_all(made);
    if (status != SHS_OK) {
        shs__segment_close(made);
        return status;
    }
    if (made->role == SEGMENT_THIRD) shs__segment_close_descriptors(made);
    *segment = made;
    return SHS_OK;
}

struct segment_span shs__segment_span(const struct segment *segment, shs_access access) {
    return shs__segment_span_at(segment,
                                access == SHS_READ ? atomic_load(&segment->data_reading) : atomic_load(&segment->data));
}

struct segment_span shs__segment_span_at(const struct segment *segment, const unsigned char *first) {
    if (first == NULL) return (struct segment_span){ 0, 0 };
    return (struct segment_span){ (uintptr_t)first - (uintptr_t)lead(segment), data_length(segment) };
}

static void unmap_span(struct segment_span span) { shs__shm_object_unmap((void *)span.address, span.length); }

void shs__segment_unmap(struct segment *segment) {
    unmap_span(shs__segment_span(segment, SHS_READ));
    unmap_span(shs__segment_span(segment, SHS_READ_WRITE));
    shs__shm_object_unmap(segment->words, shs__segment_head(segment->geometry.count));
    atomic_store(&segment->data_reading, NULL);
    atomic_store(&segment->data, NULL);
    segment->words = NULL;
}

void shs__segment_retire_viewed(struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if (atomic_load(&segment->views[i]) == 0) continue;
        slot_retire(&segment->words[i]);
        atomic_store(&segment->shared, true);
    }
}

void shs__segment_close(struct segment *segment) {
    shs__segment_unmap(segment);
    shs__segment_close_descriptors(segment);
    free(segment->views);
    free(segment);
}

bool shs__segment_has_views(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if (atomic_load(&segment->views[i]) != 0) return true;
    }
    return false;
}

bool shs__segment_is_vacant(const struct segment *segment, uint32_t slot, uint32_t *seen) {
    *seen = atomic_load(&segment->words[slot]);
    return slot_is_vacant(*seen, &segment->thirds[slot]);
}

bool shs__segment_has_room(const struct segment *segment) {
    uint32_t seen;
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if (shs__segment_is_vacant(segment, i, &seen)) return true;
    }
    return false;
}

void shs__segment_release_thirds(struct segment *segment, uint32_t bits) {
    for (uint32_t i = 0; i < segment->geometry.count; i++)
        slot_release_third(&segment->thirds[i], bits);
}

void shs__segment_forgive_unnumbered(struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++)
        slot_forgive_unnumbered(&segment->words[i]);
}

bool shs__segment_is_retired(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if ((atomic_load(&segment->words[i]) & SLOT_RETIRED) == 0) return false;
    }
    return true;
}

bool shs__segment_has_retired_block(const struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t word = atomic_load(&segment->words[i]);
        if ((word & SLOT_LIVE) != 0 && (word & SLOT_RETIRED) != 0) return true;
    }
    return false;
}

/* From where one was seen last: of many blocks the next is found at once. */
bool shs__segment_is_live(struct segment *segment) {
    const uint32_t count = segment->geometry.count;
    const uint32_t first = atomic_load_explicit(&segment->live, memory_order_relaxed);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t at = (first + i) & (count - 1);
        if ((atomic_load(&segment->words[at]) & SLOT_LIVE) == 0) continue;
        if (i > 0) atomic_store_explicit(&segment->live, at, memory_order_relaxed);
        return true;
    }
    return false;
}

bool shs__segment_is_in_use(struct segment *segment) {
    if (!shs__segment_is_live(segment)) return false;
    atomic_store(segment->noted, 0);
    return shs__segment_is_live(segment);
}

void shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size) {
    atomic_store_explicit(&segment->sizes[slot].low, (uint32_t)size, memory_order_relaxed);
    atomic_store_explicit(&segment->sizes[slot].high, (uint32_t)(size >> 32), memory_order_relaxed);
}
