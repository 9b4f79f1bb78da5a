/*
 * A program with much thread-local storage, of which each thread has its own, the library's too. Some C libraries take
 * it from the thread's stack.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/sizes.h"
#include "support/suite.h"

/* STORAGE, in KiB, is the build's. The first and the last byte are used, so that it is there indeed. */
static _Thread_local volatile char storage[STORAGE * KIB];

/* The service thread answers all that it is asked, however deep that leads it. */
static void it_attaches_and_answers(void) {
    struct child *other = actor_start_attached();
    const shs_pid self = shs_self();
    shs_handle mapped = 0;
    storage[0] = storage[sizeof storage - 1] = 1;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(other)));
    const shs_handle handle = block_new(1, MIB, self);
    CHECK(actor_sees(other, handle, self, 1, MIB));
    CHECK_STATUS(SHS_OK, actor_map_handle(other, handle, self, self, SHS_READ, &mapped));
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, (struct actor_request){ ACTOR_LIST, .pid = self }).status);
    CHECK_STATUS(SHS_OK, shs_free(mapped, self));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    actor_end(other);
}

static const struct test tests[] = {
    { "it attaches, and answers", it_attaches_and_answers },
};

SUITE("storage", tests)
