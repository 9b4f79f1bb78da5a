/*
 * Numbers that come again: whoever knew an earlier block by the number finds the later one.
 *
 * The owner is a role that goes round all of its numbers, and does so while the giver of the first block calls nothing
 * and has no thread that could tidy up.
 */
#include <stdlib.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

#define NUMBERS 262144u
#define SIZE 32

static uint32_t index_of(shs_handle handle) { return handle / 4 % NUMBERS; }

/* Blocks of its own, until one has the number of the handle that came; tell its handle. */
static int owner_role(char **arguments) {
    shs_handle theirs = 0, handle = 0;
    (void)arguments;
    unsigned char data[SIZE];
    pattern_fill(data, SIZE, 7);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(parent_send(&theirs, sizeof theirs));
    EXPECT(parent_receive(&theirs, sizeof theirs));
    EXPECT_STATUS(SHS_OK, shs_free(theirs, shs_self())); /* its giver is told, and does not listen */
    for (uint32_t i = 0; i < NUMBERS && (handle == 0 || index_of(handle) != index_of(theirs)); i++)
        EXPECT_STATUS(SHS_OK, shs_alloc(data, SIZE, shs_self(), &handle));
    EXPECT(index_of(handle) == index_of(theirs) && handle != theirs);
    EXPECT(parent_send(&handle, sizeof handle));
    (void)parent_receive(&theirs, sizeof theirs);
    return EXIT_SUCCESS;
}

/* A block in the owner that was exported, so that nothing comes into its place again. */
static shs_handle retired_block(shs_pid owner) {
    const shs_handle handle = block_new(1, MIB, owner);
    shs_handle mapped = 0;
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, owner, shs_self(), SHS_READ, &mapped));
    CHECK_STATUS(SHS_OK, shs_free(mapped, shs_self()));
    return handle;
}

static void its_giver_finds_the_next(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    shs_handle handle = 0;
    options.service = SHS_SERVE_APPLICATION;
    options.timeout_ms = 60000;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    struct child *owner = child_start("owner", NULL);
    REQUIRE(owner != NULL && child_receive(owner, &handle, sizeof handle));
    const shs_handle first = retired_block(child_pid(owner));
    CHECK(child_send(owner, &first, sizeof first));
    CHECK(child_receive(owner, &handle, sizeof handle));
    CHECK(block_holds(handle, child_pid(owner), 7, SIZE));
    CHECK_STATUS(SHS_E_HANDLE, block_status(first, child_pid(owner)));
    CHECK(child_send(owner, &first, sizeof first));
    CHECK(child_wait(owner) == EXIT_SUCCESS);
    shs_stop();
}

static const struct test tests[] = {
    { "its giver finds the next", its_giver_finds_the_next },
};

static const struct role roles[] = { { "owner", owner_role } };

SUITE_WITH_ROLES("renumbered", tests, roles, LENGTH(roles))
