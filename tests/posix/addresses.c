/*
 * The map from addresses to segments that views are found by.
 */
#include <stdlib.h>

#include "posix/block/address_map.h"
#include "support/suite.h"

#define WIDE (sizeof(uintptr_t) > 4)
#define PAGE ((uintptr_t)1 << PAGE_BITS)

static char places[2];
#define SEGMENT(i) ((struct segment *)(void *)&places[i])

static struct address_map map;
static struct rcu rcu;

static const struct segment *wanted;
static size_t visited;

static void count_visit(struct segment *segment) { visited += segment == wanted; }

/* Some page leads to it. */
static bool is_visited(const struct segment *segment) {
    visited = 0;
    wanted = segment;
    shs__address_map_each(&map, count_visit);
    return visited > 0;
}

static void nothing_is_found_in_an_empty_map(void) {
    static const uintptr_t addresses[] = { 0, 1, PAGE, UINTPTR_MAX, UINTPTR_MAX / 2 };
    for (size_t i = 0; i < LENGTH(addresses); i++) {
        CHECK(shs__address_map_find(&map, addresses[i]) == NULL);
    }
}

static void a_range_is_found_to_its_last_byte(void) {
    const uintptr_t start =
        (uintptr_t)(WIDE ? 0x700000000000 : 0x70000000) - 3 * PAGE; /* its pages lie below several nodes */
    CHECK(shs__address_map_insert(&map, start, 10 * PAGE, SEGMENT(0), &rcu));
    CHECK(shs__address_map_find(&map, start) == SEGMENT(0) &&
          shs__address_map_find(&map, start + 10 * PAGE - 1) == SEGMENT(0));
    CHECK(shs__address_map_find(&map, start - 1) == NULL && shs__address_map_find(&map, start + 10 * PAGE) == NULL);
    CHECK(is_visited(SEGMENT(0)));
    shs__address_map_remove(&map, start, 10 * PAGE, &rcu);
    CHECK(!is_visited(SEGMENT(0)));
}

static void neighbours_are_told_apart(void) {
    const uintptr_t start = 0x10000000;
    CHECK(shs__address_map_insert(&map, start, PAGE, SEGMENT(0), &rcu));
    CHECK(shs__address_map_insert(&map, start + PAGE, 2 * PAGE, SEGMENT(1), &rcu));
    CHECK(shs__address_map_find(&map, start + PAGE - 1) == SEGMENT(0) &&
          shs__address_map_find(&map, start + PAGE) == SEGMENT(1));
    shs__address_map_remove(&map, start, PAGE, &rcu);
    CHECK(shs__address_map_find(&map, start) == NULL && shs__address_map_find(&map, start + PAGE) == SEGMENT(1));
    CHECK(shs__address_map_find(&map, start + PAGE + ((uintptr_t)1 << (WIDE ? 48 : 30))) ==
          NULL); /* beyond what is mapped */
    CHECK(is_visited(SEGMENT(1)));
    shs__address_map_remove(&map, start + PAGE, 2 * PAGE, &rcu);
}

/* What no pointer can be is refused, and what was never there is not taken away. */
static void what_is_not_there(void) {
    const uintptr_t start = 0x10000000;
    CHECK(!WIDE || !shs__address_map_insert(&map, UINTPTR_MAX - 2 * PAGE, PAGE, SEGMENT(0), &rcu));
    CHECK(shs__address_map_insert(&map, start, PAGE, SEGMENT(0), &rcu));
    shs__address_map_remove(&map, start + PAGE, 2 * PAGE, &rcu);
    CHECK(shs__address_map_find(&map, start) == SEGMENT(0));
    shs__address_map_remove(&map, start, PAGE, &rcu);
    CHECK_NUMBER(0, map.root.used);
}

/* A neighbour in the same node is not lost by it. */
static void removed_twice(void) {
    const uintptr_t start = 0x10000000;
    CHECK(shs__address_map_insert(&map, start, PAGE, SEGMENT(0), &rcu));
    CHECK(shs__address_map_insert(&map, start + PAGE, PAGE, SEGMENT(1), &rcu));
    shs__address_map_remove(&map, start, PAGE, &rcu);
    shs__address_map_remove(&map, start, PAGE, &rcu);
    CHECK(shs__address_map_find(&map, start + PAGE) == SEGMENT(1));
    shs__address_map_remove(&map, start + PAGE, PAGE, &rcu);
    CHECK_NUMBER(0, map.root.used);
}

static void a_large_range(void) {
    const uintptr_t start = (uintptr_t)1 << (WIDE ? 40 : 28);
    CHECK(shs__address_map_insert(&map, start, 5000 * PAGE, SEGMENT(0), &rcu));
    CHECK(is_visited(SEGMENT(0)));
    CHECK(shs__address_map_find(&map, start + 4999 * PAGE) == SEGMENT(0));
    shs__address_map_remove(&map, start, 5000 * PAGE, &rcu);
    CHECK(!is_visited(SEGMENT(0)));
}

/* It holds no memory for what leads nowhere. */
static void an_empty_map_has_no_nodes(void) {
    CHECK(shs__rcu_init(&rcu));
    for (uintptr_t i = 1; i <= 40; i++)
        CHECK(shs__address_map_insert(&map, i << (WIDE ? 36 : 26), 600 * PAGE, SEGMENT(0), &rcu));
    CHECK(map.root.used > 0);
    for (uintptr_t i = 1; i <= 40; i++)
        shs__address_map_remove(&map, i << (WIDE ? 36 : 26), 600 * PAGE, &rcu);
    CHECK_NUMBER(0, map.root.used);
    for (size_t i = 0; i < LENGTH(map.root.entries); i++)
        CHECK(atomic_load(&map.root.entries[i]) == NULL);
    rcu_reclaim(&rcu, NULL);
}

static const struct test tests[] = {
    { "nothing is found in an empty map", nothing_is_found_in_an_empty_map },
    { "a range is found to its last byte", a_range_is_found_to_its_last_byte },
    { "neighbours are told apart", neighbours_are_told_apart },
    { "what is not there", what_is_not_there },
    { "removed twice", removed_twice },
    { "a large range", a_large_range },
    { "an empty map has no nodes", an_empty_map_has_no_nodes },
};

SUITE("addresses", tests)
