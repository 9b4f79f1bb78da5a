/*
 * The owner that intruders try. See target.h.
 */
#include "target.h"

#include "support/actor.h"
#include "support/block.h"
#include "support/suite.h"

struct child *owner;
shs_handle treasure;

void owner_start(void) {
    owner = actor_start();
    const struct actor_request start = { .command = ACTOR_START, .size = TARGET_TIMEOUT_MS };
    REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(owner, start).status);
    treasure = block_new(1, TARGET_SIZE, child_pid(owner));
}

void owner_still_serves(void) {
    const shs_pid pid = child_pid(owner);
    struct child *stranger = actor_start();
    CHECK(actor_sees(stranger, treasure, pid, 1, TARGET_SIZE));
    CHECK(block_holds(treasure, pid, 1, TARGET_SIZE));
    actor_end(stranger);
}

void owner_end(void) {
    owner_still_serves();
    CHECK_STATUS(SHS_OK, shs_free(treasure, child_pid(owner)));
    actor_end(owner);
}
