/*
 * Pools of free segments. See pool.h.
 *
 * Slots are taken in order, going round: the longest way to a generation that comes again. A lease is given up when a
 * round found less than a quarter of the slots vacant, and a segment is leased only when more are: so the cost of
 * finding a slot does not depend on how many blocks live.
 */
#include "block/pool.h"

#include "os/pages.h"
#include "os/race_detector.h"

#define SLOTS_FIRST 8u
#define GET_TRIES 2
#define SINGLE_TRIES 16
#define ENOUGH(count) ((count) / 4)

static uint64_t class_size(uint32_t size_class) { return (uint64_t)CLASS_SMALLEST << (CLASS_SHIFT * size_class); }

uint32_t shs__pool_class(uint64_t size, bool own_pages) {
    uint32_t size_class = 0;
    if (own_pages || size > CLASS_LARGEST) return CLASS_SINGLE;
    while (class_size(size_class) < size)
        size_class++;
    return size_class;
}

/* Whole pages, and never none. */
static uint64_t single_stride(uint64_t size) { return page_round(size == 0 ? 1 : size); }

static uint32_t slots_most(uint32_t size_class) {
    const uint64_t fitting = SEGMENT_SHARED_MOST / class_size(size_class);
    return fitting < SEGMENT_SLOTS_MOST ? (uint32_t)fitting : SEGMENT_SLOTS_MOST;
}

bool shs__pool_shape(const struct pool *pool, uint32_t size_class, uint64_t size, struct geometry *geometry) {
    if (size_class == CLASS_SINGLE) {
        geometry->count = 1;
        geometry->stride = single_stride(size);
    } else {
        const uint32_t doubled = pool->slots[size_class] * 2;
        geometry->count = doubled == 0                       ? SLOTS_FIRST
                          : doubled < slots_most(size_class) ? doubled
                                                             : slots_most(size_class);
        geometry->stride = class_size(size_class);
    }
    geometry->offset = shs__segment_head(geometry->count);
    return geometry->stride != 0 && geometry->stride <= SIZE_MAX / 2 - geometry->offset;
}

static void push_single(struct pool *pool, struct segment *segment) {
    segment->pooled = true;
    segment->previous_pooled = NULL;
    segment->next_pooled = pool->singles;
    if (pool->singles != NULL) pool->singles->previous_pooled = segment;
    pool->singles = segment;
}

void shs__pool_add(struct pool *pool, struct segment *segment) {
    segment->pool = pool;
    if (segment->size_class == CLASS_SINGLE)
        push_single(pool, segment);
    else
        pool->slots[segment->size_class] = segment->geometry.count;
}

void shs__pool_put(struct segment *segment) {
    struct pool *pool = segment->pool;
    const uint32_t size_class = segment->size_class;
    segment->leaseholder = NULL;
    segment->next_pooled = NULL;
    segment->previous_pooled = pool->last[size_class];
    segment->pooled = true;
    if (pool->last[size_class] == NULL)
        pool->first[size_class] = segment;
    else
        pool->last[size_class]->next_pooled = segment;
    pool->last[size_class] = segment;
}

static uint32_t count_vacant(const struct segment *segment) {
    uint32_t vacant = 0, seen;
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        if (shs__segment_is_vacant(segment, i, &seen)) vacant++;
    }
    return vacant;
}

struct segment *shs__pool_get(struct pool *pool, uint32_t size_class) {
    for (int tries = 0; tries < GET_TRIES && pool->first[size_class] != NULL; tries++) {
        struct segment *segment = pool->first[size_class];
        shs__pool_remove(segment);
        if (shs__segment_is_retired(segment)) continue; /* of no more use: whoever trims gives it up */
        if (count_vacant(segment) > ENOUGH(segment->geometry.count)) return segment;
        shs__pool_put(segment);
    }
    return NULL;
}

/* A block may have a segment of up to twice its size, so that sizes that vary a little still find one. */
static bool fits(const struct segment *segment, uint64_t size) {
    return size <= segment->geometry.stride && segment->geometry.stride / 2 <= single_stride(size);
}

/* A vacant one of about the size, of those used last; what was retired is dropped on the way. */
static struct segment *find_single(struct pool *pool, uint64_t size) {
    uint32_t seen;
    struct segment *segment = pool->singles, *next;
    for (int tries = 0; tries < SINGLE_TRIES && segment != NULL; tries++, segment = next) {
        next = segment->next_pooled;
        if (shs__segment_is_retired(segment))
            shs__pool_remove(segment);
        else if (segment->holds == 0 && fits(segment, size) && shs__segment_is_vacant(segment, 0, &seen))
            return segment;
    }
    return NULL;
}

struct segment *shs__pool_get_single(struct pool *pool, uint64_t size) {
    struct segment *segment = find_single(pool, size);
    if (segment == NULL) return NULL;
    shs__pool_remove(segment);
    push_single(pool, segment);
    segment->holds = 1;
    race_acquire(&segment->words[0]);
    return segment;
}

void shs__pool_remove(struct segment *segment) {
    struct pool *pool = segment->pool;
    const uint32_t size_class = segment->size_class;
    if (!segment->pooled) return;
    struct segment **first = size_class == CLASS_SINGLE ? &pool->singles : &pool->first[size_class];
    struct segment *before = segment->previous_pooled, *behind = segment->next_pooled;
    *(before == NULL ? first : &before->next_pooled) = behind;
    if (behind != NULL)
        behind->previous_pooled = before;
    else if (size_class != CLASS_SINGLE)
        pool->last[size_class] = before;
    segment->pooled = false;
}

bool shs__pool_take(struct segment *segment, uint32_t *slot, uint32_t *word) {
    const uint32_t count = segment->geometry.count;
    const slot_word *words = segment->words;
    for (uint32_t at = segment->cursor;; at++) {
        if (at == count) { /* for the second time without a vacant one: there were none */
            if (segment->vacant <= ENOUGH(count)) break;
            at = segment->vacant = 0;
        }
        const uint32_t seen = atomic_load(&words[at]);
        if (!slot_is_vacant(seen, &segment->thirds[at])) continue;
        segment->vacant++;
        segment->cursor = at + 1;
        *slot = at;
        *word = seen;
        race_acquire(&segment->words[at]);
        return true;
    }
    segment->cursor = count;
    return false;
}
