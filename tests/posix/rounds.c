/*
 * What a round of housekeeping gives back though nobody has told this process that it is unused: memory of blocks that
 * their owner freed. Rounds are made by the test itself, and nobody hears meanwhile what the owner says.
 */
#include "posix/state/context.h"
#include "posix/state/trim.h"
#include "shared_bytes.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/sizes.h"
#include "support/suite.h"

static void start_alone(uint64_t retain) {
    struct shs_options options = SHS_OPTIONS_INIT;
    start_without_thread();
    options.retain = retain;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
}

/* An owner that this process is connected to. */
static struct child *owner_start(void) {
    struct child *owner = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    return owner;
}

/* The owner frees the block; one round gives back what this process has of it. */
static void check_round(struct child *owner, shs_handle handle, uint64_t before) {
    CHECK_STATUS(SHS_OK, actor_free(owner, handle, child_pid(owner)));
    CHECK(shared_bytes(shs_self()) >= before + MIB);
    shs__trim_periodic(shs__context_open());
    CHECK_NUMBER(before, shared_bytes(shs_self()));
    stop_all();
    actor_end(owner);
}

/* A third process has no use for what nobody will ever put a block into for it, however much it may keep. */
static void what_was_looked_at_goes(void) {
    start_alone(SHS_RETAIN_DEFAULT);
    struct child *owner = owner_start();
    const uint64_t before = shared_bytes(shs_self());
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, MIB, child_pid(owner), &handle));
    CHECK(block_holds(handle, child_pid(owner), 1, MIB));
    check_round(owner, handle, before);
}

static void what_was_given_keeps_to_the_limit(void) {
    start_alone(SHS_RETAIN_NOTHING);
    struct child *owner = owner_start();
    const uint64_t before = shared_bytes(shs_self());
    check_round(owner, block_new(1, MIB, child_pid(owner)), before);
}

static const struct test tests[] = {
    { "what was looked at goes", what_was_looked_at_goes },
    { "what was given keeps to the limit", what_was_given_keeps_to_the_limit },
};

SUITE("rounds", tests)
