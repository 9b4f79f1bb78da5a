/*
 * How much an owner takes: shs_options.take_limit bounds what others may have in it.
 */
#include <stdlib.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define LIMIT (1 * MIB)
#define BLOCKS_MOST 200

static int owner_role(char **arguments) {
    struct shs_options options = SHS_OPTIONS_INIT;
    char order = 0;
    (void)arguments;
    options.take_limit = LIMIT;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
    EXPECT(parent_send(&order, sizeof order));
    shs_handle own = 0; /* what it makes for itself is no matter of the limit */
    EXPECT_STATUS(SHS_OK, shs_alloc(NULL, 4 * LIMIT, shs_self(), &own));
    while (parent_receive(&order, sizeof order)) {
    }
    return EXIT_SUCCESS;
}

static struct child *owner_start(void) {
    char ready = 0;
    struct child *owner = child_start("owner", NULL);
    REQUIRE(owner != NULL && child_receive(owner, &ready, sizeof ready));
    return owner;
}

static shs_handle handles[BLOCKS_MOST];

/* As many blocks as go. */
static size_t fill(shs_pid owner, size_t size) {
    size_t count = 0;
    shs_status status = SHS_OK;
    while (count < BLOCKS_MOST && status == SHS_OK) {
        status = shs_alloc(NULL, size, owner, &handles[count]);
        if (status == SHS_OK) count++;
    }
    CHECK_STATUS(SHS_E_LIMIT, status);
    return count;
}

static void give_back(shs_pid owner, size_t count) {
    while (count > 0)
        CHECK_STATUS(SHS_OK, shs_free(handles[--count], owner));
}

/* Small blocks and large ones: never more than the limit, and not much less; afterwards all goes on. */
static void others_may_have_so_much(void) {
    static const size_t block_sizes[] = { 16 * KIB, 64 * KIB, 100 * KIB, 500 * KIB };
    struct child *owner = owner_start();
    const shs_pid pid = child_pid(owner);
    for (size_t i = 0; i < LENGTH(block_sizes) && system_bounds_what_is_taken(); i++) {
        const size_t count = fill(pid, block_sizes[i]);
        CHECK(count * block_sizes[i] <= LIMIT && (count + 1) * block_sizes[i] > LIMIT / 2);
        CHECK(count > 0 && block_holds(handles[0], pid, 0, block_sizes[i]));
        give_back(pid, count);
    }
    const shs_handle last = block_new(3, 100, pid);
    CHECK(block_holds(last, pid, 3, 100));
    CHECK_STATUS(SHS_OK, shs_free(last, pid));
    child_kill(owner);
    child_wait(owner);
}

/* What a giver left counts, though it has ended: the next one has so much less. */
static void what_the_dead_gave_counts(void) {
    struct child *owner = owner_start();
    struct child *giver = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    shs_handle left = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 5, 600 * KIB, pid, &left));
    actor_kill(giver);
    if (system_bounds_what_is_taken()) {
        shs_handle more = 0;
        void *view = NULL;
        CHECK_STATUS(SHS_E_LIMIT, checked_alloc(NULL, 600 * KIB, pid, &more));
        CHECK_STATUS(SHS_E_LIMIT, checked_alloc_locked(600 * KIB, pid, &more, &view));
        CHECK(block_holds(left, pid, 5, 600 * KIB));
        CHECK_STATUS(SHS_OK, shs_free(left, pid));
        CHECK_STATUS(SHS_OK, shs_alloc(NULL, 600 * KIB, pid, &more));
        CHECK_STATUS(SHS_OK, shs_free(more, pid));
    }
    child_kill(owner);
    child_wait(owner);
}

/* Bytes of the blocks that a process has from one giver, as the list tells. */
static uint64_t listed(shs_pid owner, shs_pid giver) {
    static struct shs_block_info blocks[BLOCKS_MOST];
    size_t count = 0;
    uint64_t sum = 0;
    CHECK_STATUS(SHS_OK, shs_list(owner, blocks, BLOCKS_MOST, &count));
    for (size_t i = 0; i < count && i < BLOCKS_MOST; i++)
        sum += blocks[i].giver == giver ? blocks[i].size : 0;
    return sum;
}

/* Who takes how much of the limit can be seen: of those that have ended, too, and of second handles. */
static void the_list_tells_by_giver(void) {
    struct child *owner = owner_start();
    struct child *giver = actor_start_attached();
    const shs_pid pid = child_pid(owner), theirs = child_pid(giver);
    const shs_handle mine = block_new(1, 3000, shs_self()), large = block_new(2, 200 * KIB, pid);
    shs_handle small = 0, left = 0, mapped = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 3, 100, pid, &small));
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 4, 300 * KIB, pid, &left));
    CHECK_STATUS(SHS_OK, shs_map_handle(mine, shs_self(), pid, SHS_READ, &mapped));
    actor_kill(giver);
    if (system_knows_givers()) {
        CHECK_NUMBER(200 * KIB + 3000, listed(pid, shs_self()));
        CHECK_NUMBER(300 * KIB + 100, listed(pid, theirs));
        CHECK_STATUS(SHS_OK, shs_free(left, pid));
        CHECK_STATUS(SHS_OK, shs_free(mapped, pid));
        CHECK_NUMBER(200 * KIB, listed(pid, shs_self()));
        CHECK_NUMBER(100, listed(pid, theirs));
        CHECK_NUMBER(3000, listed(shs_self(), shs_self()));
    }
    CHECK_STATUS(SHS_OK, shs_free(large, pid));
    CHECK_STATUS(SHS_OK, shs_free(mine, shs_self()));
    child_kill(owner);
    child_wait(owner);
}

/* A second handle keeps memory here, too. */
static void second_handles_count(void) {
    struct child *owner = owner_start();
    const shs_pid pid = child_pid(owner);
    const shs_handle mine = block_new(4, 2 * LIMIT, shs_self());
    shs_handle mapped = 0;
    if (system_bounds_what_is_taken())
        CHECK_STATUS(SHS_E_LIMIT, checked_map_handle(mine, shs_self(), pid, SHS_READ, &mapped));
    CHECK_NUMBER(0, mapped);
    CHECK_STATUS(SHS_OK, shs_free(mine, shs_self()));
    child_kill(owner);
    child_wait(owner);
}

static const struct test tests[] = {
    { "others may have so much", others_may_have_so_much },
    { "what the dead gave counts", what_the_dead_gave_counts },
    { "the list tells by giver", the_list_tells_by_giver },
    { "second handles count", second_handles_count },
};

static const struct role roles[] = { { "owner", owner_role } };

SUITE_WITH_ROLES("taken", tests, roles, LENGTH(roles))
