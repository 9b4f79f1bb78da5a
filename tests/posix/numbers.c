/*
 * Handle numbers: which are given out, and where they lead.
 */
#include "posix/block/handle_numbers.h"
#include "posix/block/handle_table.h"
#include "posix/block/slot.h"

#include <stdlib.h>

#include "support/suite.h"

/* Addresses to tell segments apart by; nothing looks into them. */
static char places[2];
#define SEGMENT(i) ((struct segment *)(void *)&places[i])

static struct rcu rcu;

static struct handle_numbers *new_numbers(void) {
    struct handle_numbers *numbers = calloc(1, sizeof *numbers);
    REQUIRE(numbers != NULL);
    return numbers;
}

static void a_handle_is_its_parts(void) {
    const uint32_t indexes[] = { 0, 1, 511, 512, INDEX_COUNT - 1 };
    for (size_t i = 0; i < LENGTH(indexes); i++) {
        const uint32_t handle = handle_make(indexes[i], GENERATION_MASK);
        CHECK_NUMBER(indexes[i], handle_index(handle));
        CHECK_NUMBER(GENERATION_MASK, handle_generation(handle));
        CHECK(handle % 4 == 0 && handle >> 31 == 0);
    }
}

static void ranges_do_not_overlap(void) {
    static unsigned char taken[INDEX_COUNT];
    static const uint32_t counts[] = { 1, 8, 1, 16, 32, 1, 64, 1024, 2, 512 };
    struct handle_numbers *numbers = new_numbers();
    uint32_t total = 0;
    uint32_t base = 0;
    for (size_t i = 0; shs__handle_numbers_take(numbers, counts[i % LENGTH(counts)], &base); i++) {
        const uint32_t count = counts[i % LENGTH(counts)];
        CHECK(base % count == 0 && base + count <= INDEX_COUNT);
        for (uint32_t at = base; at < base + count; at++) {
            CHECK(taken[at] == 0);
            taken[at] = 1;
        }
        total += count;
    }
    CHECK(total > INDEX_COUNT / 2);
    free(numbers);
}

static void all_numbers_are_given_out(void) {
    struct handle_numbers *numbers = new_numbers();
    uint32_t base = 0;
    for (uint32_t i = 0; i < INDEX_COUNT; i++) {
        CHECK(shs__handle_numbers_take(numbers, 1, &base));
    }
    CHECK(!shs__handle_numbers_take(numbers, 1, &base));
    CHECK(!shs__handle_numbers_take(numbers, 1024, &base));
    shs__handle_numbers_give(numbers, 4711, 1);
    CHECK(!shs__handle_numbers_take(numbers, 2, &base));
    CHECK(shs__handle_numbers_take(numbers, 1, &base));
    CHECK_NUMBER(4711, base);
    free(numbers);
}

/* The number that was given back last is used again last. */
static void reuse_takes_the_longest_way(void) {
    struct handle_numbers *numbers = new_numbers();
    uint32_t first = 0;
    uint32_t base = 0;
    CHECK(shs__handle_numbers_take(numbers, 8, &first));
    shs__handle_numbers_give(numbers, first, 8);
    for (uint32_t i = 1; i < INDEX_COUNT / 8; i++) {
        CHECK(shs__handle_numbers_take(numbers, 8, &base) && base != first);
        shs__handle_numbers_give(numbers, base, 8);
    }
    CHECK(shs__handle_numbers_take(numbers, 8, &base) && base == first);
    free(numbers);
}

static void generations_are_remembered(void) {
    struct handle_numbers *numbers = new_numbers();
    numbers->seed = 12345;
    for (uint32_t index = 0; index < 1000; index++) {
        CHECK(shs__handle_numbers_generation(numbers, index) <= GENERATION_MASK);
    }
    shs__handle_numbers_remember(numbers, 7, 1234);
    CHECK_NUMBER(1234, shs__handle_numbers_generation(numbers, 7));
    free(numbers);
}

static void a_table_leads_to_segments(void) {
    struct handle_table *table = calloc(1, sizeof *table);
    REQUIRE(table != NULL);
    CHECK(handle_table_find(table, 0) == NULL && handle_table_find(table, INDEX_COUNT - 1) == NULL);
    CHECK(shs__handle_table_insert(table, LEVEL_COUNT - 8, 16, SEGMENT(0)));
    CHECK(handle_table_find(table, LEVEL_COUNT - 9) == NULL && handle_table_find(table, LEVEL_COUNT + 8) == NULL);
    CHECK(handle_table_find(table, LEVEL_COUNT - 8) == SEGMENT(0) &&
          handle_table_find(table, LEVEL_COUNT + 7) == SEGMENT(0));
    CHECK(shs__handle_table_insert(table, LEVEL_COUNT, 1, SEGMENT(1)));
    shs__handle_table_remove(table, LEVEL_COUNT - 8, 16, SEGMENT(0), &rcu);
    CHECK(handle_table_find(table, LEVEL_COUNT - 8) == NULL && handle_table_find(table, LEVEL_COUNT) == SEGMENT(1));
    CHECK(shs__handle_table_insert(table, INDEX_COUNT - 1, 1, SEGMENT(0)));
    CHECK(handle_table_find(table, INDEX_COUNT - 1) == SEGMENT(0));
    shs__handle_table_clear(table);
    CHECK(handle_table_find(table, LEVEL_COUNT) == NULL);
    free(table);
}

static void what_cannot_be_a_handle(void) {
    static const uint32_t numbers[] = { 0, 1, 2, 3, 5, 0x80000000u, 0x80000004u, UINT32_MAX };
    for (size_t i = 0; i < LENGTH(numbers); i++)
        CHECK(!handle_is_sane(numbers[i]));
    CHECK(handle_is_sane(4) && handle_is_sane(0x7FFFFFFCu));
}

/* It holds no memory for what leads nowhere. */
static void an_empty_table_has_no_nodes(void) {
    struct handle_table *table = calloc(1, sizeof *table);
    REQUIRE(table != NULL);
    CHECK(shs__rcu_init(&rcu));
    CHECK(shs__handle_table_insert(table, 0, 16, SEGMENT(0)));
    CHECK(shs__handle_table_insert(table, 0, 16, SEGMENT(1)));
    CHECK(shs__handle_table_insert(table, 2 * LEVEL_COUNT * LEVEL_COUNT - 8, 16, SEGMENT(0)));
    shs__handle_table_remove(table, 0, 16, SEGMENT(0), &rcu);
    CHECK(handle_table_find(table, 3) == SEGMENT(1));
    shs__handle_table_remove(table, 0, 16, SEGMENT(1), &rcu);
    shs__handle_table_remove(table, 2 * LEVEL_COUNT * LEVEL_COUNT - 8, 16, SEGMENT(0), &rcu);
    CHECK_NUMBER(0, table->root.used);
    for (size_t i = 0; i < LENGTH(table->root.entries); i++)
        CHECK(atomic_load(&table->root.entries[i]) == NULL);
    rcu_reclaim(&rcu, NULL);
    free(table);
}

static const struct test tests[] = {
    { "a handle is made of its parts", a_handle_is_its_parts },
    { "what cannot be a handle", what_cannot_be_a_handle },
    { "ranges do not overlap", ranges_do_not_overlap },
    { "all numbers are given out", all_numbers_are_given_out },
    { "reuse takes the longest way", reuse_takes_the_longest_way },
    { "generations are remembered", generations_are_remembered },
    { "a table leads to segments", a_table_leads_to_segments },
    { "an empty table has no nodes", an_empty_table_has_no_nodes },
};

SUITE("numbers", tests)
