/*
 * The state word of a slot: every step on it, and what a step leaves alone.
 */
#include "posix/block/slot.h"

#include "support/parallel.h"
#include "support/suite.h"

static slot_word nobody; /* the third word of a slot that no third process looks at */

static uint32_t word_of(uint32_t generation, uint32_t flags) { return generation << SLOT_GENERATION_SHIFT | flags; }

static void a_life(void) {
    slot_word word = 0;
    uint32_t generation = 0;
    CHECK(slot_is_vacant(atomic_load(&word), &nobody));
    CHECK(slot_publish(&word, 0, 0, &generation));
    CHECK_NUMBER(1, generation);
    CHECK(slot_names(atomic_load(&word), 1) && !slot_names(atomic_load(&word), 2));
    CHECK(slot_acquire(&word, 1, SLOT_PRESENT_OWNER) == SLOT_DONE);
    CHECK(slot_acquire(&word, 1, SLOT_PRESENT_GIVER) == SLOT_DONE);
    CHECK(slot_free(&word, 1) == SLOT_DONE);
    CHECK(slot_free(&word, 1) == SLOT_STALE);
    CHECK(slot_acquire(&word, 1, SLOT_PRESENT_OWNER) == SLOT_STALE);
    CHECK(!slot_is_vacant(atomic_load(&word), &nobody));
    slot_release(&word, SLOT_PRESENT_OWNER);
    CHECK(!slot_is_vacant(atomic_load(&word), &nobody));
    slot_release(&word, SLOT_PRESENT_GIVER);
    CHECK(slot_is_vacant(atomic_load(&word), &nobody));
    CHECK(slot_publish(&word, atomic_load(&word), 0, &generation));
    CHECK_NUMBER(2, generation);
    CHECK(slot_free(&word, 1) == SLOT_STALE);
}

/* Third processes without numbers: the place is free when as many have gone as came. */
static void those_without_numbers_are_counted(void) {
    slot_word word = word_of(5, SLOT_LIVE);
    CHECK(slot_acquire_unnumbered(&word, 4) == SLOT_STALE);
    for (int i = 0; i < 6; i++)
        CHECK(slot_acquire_unnumbered(&word, 5) == SLOT_DONE);
    CHECK_NUMBER(6, slot_viewers(atomic_load(&word), 0));
    CHECK(slot_acquire(&word, 5, SLOT_PRESENT_GIVER) == SLOT_DONE);
    CHECK_NUMBER(9, slot_viewers(atomic_load(&word), 1u << 31 | 1u));
    slot_release(&word, SLOT_PRESENT_GIVER);
    CHECK(slot_free(&word, 5) == SLOT_DONE);
    CHECK(slot_acquire_unnumbered(&word, 5) == SLOT_STALE);
    for (int i = 0; i < 6; i++) {
        CHECK(!slot_is_vacant(atomic_load(&word), &nobody));
        slot_release_unnumbered(&word);
    }
    CHECK(slot_is_vacant(atomic_load(&word), &nobody));
    slot_release_unnumbered(&word); /* somebody scribbled */
    CHECK(atomic_load(&word) == word_of(5, 0));
}

/* Of more than can be counted some may be left, until it is known that none is. */
static void too_many_to_be_counted(void) {
    slot_word word = word_of(5, SLOT_LIVE);
    for (int i = 0; i < 9; i++)
        CHECK(slot_acquire_unnumbered(&word, 5) == SLOT_DONE);
    CHECK(slot_free(&word, 5) == SLOT_DONE);
    for (int i = 0; i < 9; i++)
        slot_release_unnumbered(&word);
    CHECK(!slot_is_vacant(atomic_load(&word), &nobody));
    slot_forgive_unnumbered(&word);
    CHECK(atomic_load(&word) == word_of(5, 0));
}

static void retired_stays_until_the_end(void) {
    slot_word word = word_of(7, SLOT_LIVE);
    slot_retire(&word);
    CHECK(slot_names(atomic_load(&word), 7));
    CHECK(slot_free(&word, 7) == SLOT_DONE);
    CHECK(!slot_is_vacant(atomic_load(&word), &nobody));
}

/* A block that its giver sees from the start is nobody else's place until the view is given back. */
/* Two third processes with numbers: the place is free when both have gone, and THIRD alone says nothing. */
static void third_processes_are_accounted_for(void) {
    slot_word word = word_of(5, SLOT_LIVE), thirds = 0;
    uint32_t generation = 0;
    CHECK(slot_acquire_third(&word, &thirds, 4, 1u << 31) == SLOT_STALE);
    CHECK(atomic_load(&thirds) == 0);
    CHECK(slot_acquire_third(&word, &thirds, 5, 1u << 31) == SLOT_DONE);
    CHECK(slot_acquire_third(&word, &thirds, 5, 1u << 2) == SLOT_DONE);
    CHECK(slot_free(&word, 5) == SLOT_DONE);
    CHECK(slot_may_be_vacant(atomic_load(&word)) && !slot_is_vacant(atomic_load(&word), &thirds));
    slot_release_third(&thirds, 1u << 31);
    CHECK(!slot_is_vacant(atomic_load(&word), &thirds));
    CHECK(slot_acquire_third(&word, &thirds, 5, 1u << 31) == SLOT_STALE);
    slot_release_third(&thirds, 1u << 2);
    CHECK(slot_is_vacant(atomic_load(&word), &thirds));
    CHECK(slot_publish(&word, atomic_load(&word), 0, &generation));
    CHECK((atomic_load(&word) & SLOT_PRESENCE) == 0 && generation == 6);
}

static void published_with_a_view(void) {
    slot_word word = 0;
    uint32_t generation = 0;
    CHECK(slot_publish(&word, 0, SLOT_PRESENT_GIVER, &generation));
    CHECK(slot_names(atomic_load(&word), generation));
    CHECK(slot_free(&word, generation) == SLOT_DONE);
    CHECK(!slot_is_vacant(atomic_load(&word), &nobody));
    slot_release(&word, SLOT_PRESENT_GIVER);
    CHECK(slot_is_vacant(atomic_load(&word), &nobody));
}

/* The giver looked, then the owner retired: publishing must fail. */
static void publishing_sees_a_retired_slot(void) {
    slot_word word = word_of(9, 0);
    uint32_t generation = 4711;
    const uint32_t seen = atomic_load(&word);
    slot_retire(&word);
    CHECK(!slot_publish(&word, seen, 0, &generation));
    CHECK_NUMBER(4711, generation);
    CHECK(atomic_load(&word) == word_of(9, SLOT_RETIRED));
}

/* A handle is never 0, whatever the slot: its generation never is. */
static void generations_go_round(void) {
    slot_word word = word_of(GENERATION_MASK - 1, 0);
    uint32_t generation = 0;
    CHECK(slot_publish(&word, atomic_load(&word), 0, &generation));
    CHECK_NUMBER(GENERATION_MASK, generation);
    CHECK(slot_free(&word, generation) == SLOT_DONE);
    CHECK(slot_publish(&word, atomic_load(&word), 0, &generation));
    CHECK_NUMBER(1, generation);
    atomic_store(&word, word_of(UINT32_MAX >> SLOT_GENERATION_SHIFT, 0));
    CHECK(slot_publish(&word, atomic_load(&word), 0, &generation));
    CHECK_NUMBER(1, generation);
}

struct contest {
    slot_word word;
    atomic_uint freed, acquired;
};

static void contend(void *context) {
    struct contest *contest = context;
    if (slot_acquire_unnumbered(&contest->word, 3) == SLOT_DONE) atomic_fetch_add(&contest->acquired, 1);
    if (slot_free(&contest->word, 3) == SLOT_DONE) atomic_fetch_add(&contest->freed, 1);
}

static void one_of_many_frees(void) {
    for (int round = 0; round < 200; round++) {
        struct contest contest = { .word = word_of(3, SLOT_LIVE) };
        parallel_run(8, contend, &contest);
        CHECK_NUMBER(1, atomic_load(&contest.freed));
        const uint32_t acquired = atomic_load(&contest.acquired);
        CHECK(acquired >= 1);
        CHECK(atomic_load(&contest.word) == word_of(3, (acquired < 7 ? acquired : 7) * SLOT_UNNUMBERED));
    }
}

static const struct test tests[] = {
    { "a life of a slot", a_life },
    { "those without numbers are counted", those_without_numbers_are_counted },
    { "too many to be counted", too_many_to_be_counted },
    { "third processes are accounted for", third_processes_are_accounted_for },
    { "published with a view", published_with_a_view },
    { "what is retired stays retired", retired_stays_until_the_end },
    { "publishing sees that the slot was retired", publishing_sees_a_retired_slot },
    { "generations go round and pass over 0", generations_go_round },
    { "one of many frees", one_of_many_frees },
};

SUITE("slots", tests)
