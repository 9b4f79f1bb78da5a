/*
 * Pools and shapes of segments: what is leased, what is passed over, what fits, and which shape may be believed.
 *
 * The segments are made by hand and hold nothing: their state words are the test's.
 */
#include "posix/block/pool.h"

#include <stdlib.h>

#include "posix/os/pages.h"
#include "support/sizes.h"
#include "support/suite.h"

#define SLOTS 8u
#define SEGMENTS 4u
#define CLASS 1u

static struct pool pool;
static struct segment segments[SEGMENTS];
static slot_word words[SEGMENTS][SLOTS], thirds[SEGMENTS][SLOTS];
static struct slot_size block_sizes[SEGMENTS][SLOTS];

static void make(uint32_t i, uint32_t size_class, const struct geometry *geometry) {
    segments[i] = (struct segment){ .geometry = *geometry, .size_class = size_class };
    segments[i].words = words[i];
    segments[i].thirds = thirds[i];
    segments[i].sizes = block_sizes[i];
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        atomic_store(&words[i][slot], 0);
        atomic_store(&thirds[i][slot], 0);
    }
    shs__pool_add(&pool, &segments[i]);
}

static void begin(void) {
    const struct geometry geometry = { SLOTS, 256, 0 };
    pool = (struct pool){ .singles = NULL };
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        make(i, CLASS, &geometry);
        shs__pool_put(&segments[i]);
    }
}

static void mark(uint32_t i, uint32_t count, uint32_t bits) {
    for (uint32_t slot = 0; slot < count; slot++)
        atomic_store(&words[i][slot], bits);
}

static struct segment *get(void) { return shs__pool_get(&pool, CLASS); }

/* ---- of many ---- */

static void the_longest_unused_is_leased(void) {
    begin();
    CHECK(get() == &segments[0]);
    CHECK(get() == &segments[1]);
    shs__pool_put(&segments[1]);
    shs__pool_put(&segments[0]);
    CHECK(get() == &segments[2]);
    CHECK(get() == &segments[3]);
    CHECK(get() == &segments[1]);
    CHECK(get() == &segments[0]);
    CHECK(get() == NULL);
}

/* With less than a quarter of its slots vacant, or just that, it is put behind the others. */
static void a_full_one_is_passed_over(void) {
    begin();
    mark(0, SLOTS - SLOTS / 4, SLOT_LIVE);
    CHECK(get() == &segments[1]);
    CHECK(get() == &segments[2]);
    CHECK(get() == &segments[3]);
    CHECK(get() == NULL);
    mark(0, SLOTS - SLOTS / 4 - 1, SLOT_LIVE);
    atomic_store(&words[0][SLOTS - SLOTS / 4 - 1], 0);
    CHECK(get() == &segments[0]);
}

static void one_with_views_is_full(void) {
    begin();
    mark(0, SLOTS, SLOT_PRESENT_OWNER);
    mark(1, SLOTS, SLOT_THIRD);
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        atomic_store(&thirds[1][slot], 1u);
    CHECK(get() == NULL); /* both were looked at */
    CHECK(get() == &segments[2]);
}

static void a_retired_one_is_dropped(void) {
    begin();
    mark(0, SLOTS, SLOT_RETIRED);
    CHECK(get() == &segments[1]);
    CHECK(!segments[0].pooled);
    mark(2, SLOTS, SLOT_RETIRED | SLOT_LIVE);
    CHECK(get() == &segments[3]);
    CHECK(!segments[2].pooled);
    CHECK(get() == NULL);
}

static void retired_is_who_is_so_wholly(void) {
    begin();
    CHECK(!shs__segment_is_retired(&segments[0]));
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        CHECK(!shs__segment_is_retired(&segments[0]));
        atomic_store(&words[0][slot], SLOT_RETIRED);
    }
    CHECK(shs__segment_is_retired(&segments[0]));
    atomic_store(&words[0][0], SLOT_LIVE);
    CHECK(!shs__segment_is_retired(&segments[0]));
}

/* Each has twice the slots of the one before, and all have room for a block of the class. */
static void shapes_grow(void) {
    struct geometry geometry;
    uint32_t before = 0;
    begin();
    for (int i = 0; i < 20; i++) {
        REQUIRE(shs__pool_shape(&pool, CLASS, 100, &geometry));
        CHECK(shs__geometry_is_sane(&geometry, false));
        CHECK_NUMBER(256, geometry.stride);
        CHECK(geometry.count == pool.slots[CLASS] * 2 || geometry.count == before);
        before = pool.slots[CLASS] = geometry.count;
    }
    CHECK(before * geometry.stride <= SEGMENT_SHARED_MOST && before <= SEGMENT_SLOTS_MOST);
}

/* ---- of one ---- */

/* Up to twice the size, in whole pages. */
static void a_single_one_fits(void) {
    const uint64_t page = page_size();
    const struct geometry geometry = { 1, 40 * page, 0 };
    pool = (struct pool){ .singles = NULL };
    make(0, CLASS_SINGLE, &geometry);
    CHECK(shs__pool_get_single(&pool, 40 * page + 1) == NULL);
    CHECK(shs__pool_get_single(&pool, 19 * page) == NULL);
    CHECK(shs__pool_get_single(&pool, 0) == NULL);
    CHECK(shs__pool_get_single(&pool, 19 * page + 1) == &segments[0]);
    CHECK_NUMBER(1, segments[0].holds);
    CHECK(shs__pool_get_single(&pool, 40 * page) == NULL); /* somebody works on it */
    segments[0].holds = 0;
    CHECK(shs__pool_get_single(&pool, 40 * page) == &segments[0]);
    segments[0].holds = 0;
    mark(0, 1, SLOT_LIVE);
    CHECK(shs__pool_get_single(&pool, 40 * page) == NULL);
    mark(0, 1, SLOT_RETIRED);
    CHECK(segments[0].pooled);
    CHECK(shs__pool_get_single(&pool, 40 * page) == NULL);
    CHECK(!segments[0].pooled);
}

static void the_latest_single_one_is_first(void) {
    const struct geometry geometry = { 1, page_size(), 0 };
    pool = (struct pool){ .singles = NULL };
    for (uint32_t i = 0; i < SEGMENTS; i++)
        make(i, CLASS_SINGLE, &geometry);
    mark(3, 1, SLOT_LIVE);
    CHECK(shs__pool_get_single(&pool, 1) == &segments[2]);
    mark(3, 1, 0);
    segments[2].holds = 0;
    CHECK(shs__pool_get_single(&pool, 1) == &segments[2]);
    CHECK(shs__pool_get_single(&pool, 1) == &segments[3]);
}

/* ---- what others say of theirs ---- */

static bool is_sane(uint32_t count, uint64_t stride, uint64_t offset) {
    const struct geometry geometry = { count, stride, offset };
    return shs__geometry_is_sane(&geometry, false);
}

static bool is_sane_apart(uint32_t count, uint64_t stride, uint64_t offset) {
    const struct geometry geometry = { count, stride, offset };
    return shs__geometry_is_sane(&geometry, true);
}

static void counts_are_bounded(void) {
    for (uint32_t count = 1; count <= SEGMENT_SLOTS_MOST; count *= 2) {
        const bool odd = count > 2 && is_sane(count - 1, 64, shs__segment_head(count - 1));
        CHECK(is_sane(count, 64, shs__segment_head(count)) && !odd);
    }
    CHECK(!is_sane(0, 64, shs__segment_head(0)));
    CHECK(!is_sane(2 * SEGMENT_SLOTS_MOST, 64, shs__segment_head(2 * SEGMENT_SLOTS_MOST)));
    CHECK(!is_sane(UINT32_C(1) << 31, 64, shs__segment_head(UINT32_C(1) << 31)));
}

static void strides_are_bounded(void) {
    const uint64_t head = shs__segment_head(1), eight = shs__segment_head(8), most = INT64_MAX / 2 / 64 * 64;
    CHECK(is_sane(8, 64, eight) && is_sane(8, 1024, eight) && is_sane(8, SEGMENT_SHARED_MOST / 8, eight));
    CHECK(!is_sane(8, 192, eight) && !is_sane(8, 32, eight) && !is_sane(8, 0, eight));
    CHECK(!is_sane(8, SEGMENT_SHARED_MOST / 4, eight));
    CHECK(is_sane(1, 192, head) && is_sane(1, most, head));
    CHECK(!is_sane(1, most + 64, head) && !is_sane(1, 100, head) && !is_sane(1, 32, head) && !is_sane(1, 0, head));
}

static void offsets_are_bounded(void) {
    const uint64_t most = INT64_MAX / 2 / 64 * 64;
    CHECK(is_sane(8, 64, shs__segment_head(8)));
    CHECK(!is_sane(8, 64, shs__segment_head(8) + 64) && !is_sane(8, 64, 0) && !is_sane(1, 64, 64));
    CHECK(is_sane_apart(1, 64, 0) && is_sane_apart(1, 64, 64) && is_sane_apart(1, 64, most));
    CHECK(!is_sane_apart(1, 64, 100) && !is_sane_apart(1, 64, most + 64) && !is_sane_apart(2, 64, 0));
}

/* And is never more than there is room for, whatever a peer wrote. */
static void sizes_have_64_bits(void) {
    const struct geometry geometry = { 1, UINT64_C(1) << 40, 0 };
    pool = (struct pool){ .singles = NULL };
    make(0, CLASS_SINGLE, &geometry);
    for (unsigned shift = 0; shift < 64; shift++) {
        const uint64_t size = (UINT64_C(1) << shift) + 1;
        shs__segment_set_size(&segments[0], 0, size);
        CHECK_NUMBER(size < geometry.stride ? size : geometry.stride, segment_size(&segments[0], 0));
    }
}

static const struct test tests[] = {
    { "the longest unused is leased", the_longest_unused_is_leased },
    { "a full one is passed over", a_full_one_is_passed_over },
    { "one with views is full", one_with_views_is_full },
    { "a retired one is dropped", a_retired_one_is_dropped },
    { "retired is who is so wholly", retired_is_who_is_so_wholly },
    { "shapes grow", shapes_grow },
    { "a single one fits", a_single_one_fits },
    { "the latest single one is first", the_latest_single_one_is_first },
    { "counts are bounded", counts_are_bounded },
    { "strides are bounded", strides_are_bounded },
    { "offsets are bounded", offsets_are_bounded },
    { "sizes have 64 bits", sizes_have_64_bits },
};

SUITE("pools", tests)
