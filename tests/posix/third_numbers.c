/*
 * Which third process has which number: when connections follow each other, and when none is left. The linker leads the
 * library's walks through all segments here, so that somebody asks at the worst moment; and free(), so that a test sees
 * what is forgotten.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "posix/server/server.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/suite.h"

#define LIVES_MOST (1u << 14) /* of which an owner knows */
#define NOBODY 0x7FFFFF00u    /* no process has it, nor the next ones */

static struct third_numbers *begin_numbers(void) {
    start_without_thread();
    return &shs__context_open()->thirds;
}

static uint32_t number_for(shs_pid pid, uint64_t connection) {
    const struct third_asker asker = { .pid = pid, .life = pid, .connection = connection };
    uint32_t number = 0;
    CHECK_STATUS(SHS_OK, shs__third_number_give(shs__context_open(), &asker, &number));
    return number;
}

/* What was said by a connection that has a successor is heard late: it is the successor's end that counts. */
static void an_older_connection_is_heard_late(void) {
    const struct third_numbers *numbers = begin_numbers();
    CHECK_NUMBER(1, number_for(shs_self(), 10));
    CHECK_NUMBER(1, number_for(shs_self(), 5));
    shs__third_number_release(shs__context_open(), 5);
    CHECK_NUMBER(1, numbers->count);
    shs__third_number_release(shs__context_open(), 10);
    CHECK_NUMBER(0, numbers->count);
    shs_stop();
}

/* Nobody has kept house since they were killed. */
static void numbers_of_the_dead_are_looked_for_at_once(void) {
    const struct third_numbers *numbers = begin_numbers();
    for (uint32_t i = 1; i <= SLOT_THIRDS; i++) {
        CHECK_NUMBER(i, number_for(NOBODY + i, i));
        shs__third_number_orphan(shs__context_open(), i);
    }
    CHECK_NUMBER(1, number_for(shs_self(), 1000));
    CHECK_NUMBER(1, numbers->count);
    shs_stop();
}

static void numbers_of_the_dead_are_looked_for_in_time(void) {
    const struct third_numbers *numbers = begin_numbers();
    CHECK_NUMBER(1, number_for(NOBODY, 10));
    shs__third_number_orphan(shs__context_open(), 10);
    shs__context_open()->server->housekeeping = 0;
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK_NUMBER(0, numbers->count);
    shs_stop();
}

/* Who comes again by another connection, and is killed, ends with that one. */
static void numbers_of_the_dead_that_had_come_again(void) {
    const struct third_numbers *numbers = begin_numbers();
    CHECK_NUMBER(1, number_for(NOBODY, 10));
    shs__third_number_orphan(shs__context_open(), 10);
    CHECK_NUMBER(1, number_for(NOBODY, 20));
    shs__third_numbers_reap(shs__context_open());
    CHECK_NUMBER(1, numbers->count);
    shs__third_number_orphan(shs__context_open(), 20);
    shs__third_numbers_reap(shs__context_open());
    CHECK_NUMBER(0, numbers->count);
    shs_stop();
}

/* The connection of one that lives may have been ended to make room for others: it has its views still. */
static void numbers_of_the_living_stay(void) {
    const struct third_numbers *numbers = begin_numbers();
    CHECK_NUMBER(1, number_for(shs_self(), 10));
    shs__third_number_orphan(shs__context_open(), 10);
    shs__third_numbers_reap(shs__context_open());
    CHECK_NUMBER(1, numbers->count);
    CHECK_NUMBER(2, number_for(NOBODY, 20)); /* the first is not free */
    CHECK_NUMBER(1, number_for(shs_self(), 30));
    shs_stop();
}

/* As long as one of them may look at a block, it is not used again. */
static void views_without_a_number_are_forgiven_at_last(void) {
    (void)begin_numbers();
    struct context *context = shs__context_open();
    const shs_handle handle = block_new(1, 100, shs_self());
    struct segment *segment = handle_table_find(&context->own, handle_index(handle));
    slot_word *word = &segment->words[handle_index(handle) - segment->base];
    for (uint32_t i = 1; i <= SLOT_THIRDS; i++)
        CHECK_NUMBER(i, number_for(NOBODY + i, i));
    CHECK_NUMBER(0, number_for(NOBODY + 101, 101));
    CHECK_NUMBER(0, number_for(NOBODY + 102, 102));
    CHECK(slot_acquire_unnumbered(word, handle_generation(handle)) == SLOT_DONE);
    shs__third_number_release(context, 101);
    CHECK_NUMBER(1, slot_viewers(atomic_load(word), 0));
    shs__third_number_release(context, 102);
    CHECK_NUMBER(0, slot_viewers(atomic_load(word), 0));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    shs_stop();
}

/* ---- meanwhile ---- */

static shs_pid asks_meanwhile; /* when segments are gone through; 0: nobody does */
static uint32_t given_meanwhile;

void __real_shs__registry_each(struct context *context, registry_visit *visit, void *argument);
void __wrap_shs__registry_each(struct context *context, registry_visit *visit, void *argument);

void __wrap_shs__registry_each(struct context *context, registry_visit *visit, void *argument) {
    const shs_pid pid = asks_meanwhile;
    asks_meanwhile = 0;
    if (pid != 0) given_meanwhile = number_for(pid, 20);
    __real_shs__registry_each(context, visit, argument);
}

/* Or the next one's traces would be taken off the slots with those of the one before. */
static void a_number_is_free_when_its_traces_are_gone(void) {
    (void)begin_numbers();
    CHECK_NUMBER(1, number_for(NOBODY, 10));
    asks_meanwhile = NOBODY + 1;
    shs__third_number_release(shs__context_open(), 10);
    CHECK_NUMBER(2, given_meanwhile);
    CHECK_NUMBER(1, number_for(NOBODY + 2, 30));
    shs_stop();
}

/* ---- ends ---- */

static bool has_grants(const struct context *context) {
    bool has = false;
    for (unsigned i = 0; i < LENGTH(context->grants); i++)
        has = has || context->grants[i] != NULL;
    return has;
}

/* Or a number of a later process of this pid would never be given back. */
static void nothing_is_had_of_who_was_not_reached(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    struct child *stranger = actor_start();
    const shs_pid pid = child_pid(stranger);
    CHECK_STATUS(SHS_E_NOT_ATTACHED, checked_probe(pid));
    CHECK(!has_grants(shs__context_open()));
    actor_end(stranger);
}

static _Atomic uintptr_t awaited; /* 0: nothing, or it was freed */

void __real_free(void *memory);
void __wrap_free(void *memory);

void __wrap_free(void *memory) {
    uintptr_t freed = (uintptr_t)memory;
    if (freed != 0) (void)atomic_compare_exchange_strong(&awaited, &freed, 0);
    __real_free(memory);
}

/* Whoever comes then has seen nothing of this process. */
static void a_stop_gives_all_numbers_back(void) {
    const struct third_numbers *numbers = begin_numbers();
    CHECK_NUMBER(1, number_for(shs_self(), 10));
    atomic_store(&awaited, (uintptr_t)numbers->lives);
    shs_stop();
    CHECK_NUMBER(0, atomic_load(&awaited));
    CHECK_NUMBER(0, numbers->count);
    CHECK_NUMBER(0, numbers->taken);
}

static void set_count(uint32_t count) {
    struct context *context = shs__context_open();
    context_lock(context);
    context->thirds.count = count;
    context_unlock(context);
}

/* As after many that each call themselves by another life: who comes then is refused, and is shown nothing. */
static void no_more_lives_are_known(void) {
    uint64_t view = 0;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    struct child *third = actor_start_attached();
    const shs_handle handle = block_new(1, 100, shs_self());
    set_count(LIVES_MOST);
    CHECK_STATUS(SHS_E_NO_MEMORY, actor_lock(third, handle, shs_self(), SHS_READ, &view));
    set_count(0);
    CHECK(actor_sees(third, handle, shs_self(), 1, 100));
    actor_end(third);
}

static const struct test tests[] = {
    { "an older connection is heard late", an_older_connection_is_heard_late },
    { "numbers of the dead are looked for at once", numbers_of_the_dead_are_looked_for_at_once },
    { "numbers of the dead are looked for in time", numbers_of_the_dead_are_looked_for_in_time },
    { "numbers of the dead that had come again", numbers_of_the_dead_that_had_come_again },
    { "numbers of the living stay", numbers_of_the_living_stay },
    { "views without a number are forgiven at last", views_without_a_number_are_forgiven_at_last },
    { "a number is free when its traces are gone", a_number_is_free_when_its_traces_are_gone },
    { "nothing is had of who was not reached", nothing_is_had_of_who_was_not_reached },
    { "no more lives are known", no_more_lives_are_known },
    { "a stop gives all numbers back", a_stop_gives_all_numbers_back },
};

SUITE("third_numbers", tests)
