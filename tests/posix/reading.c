/*
 * The mapping for reading, which the first thread makes that wants it: another one may be as far at the same time.
 */
#include "posix/state/context.h"
#include "support/block.h"
#include "support/suite.h"

/* The test ends with as many mappings as it began with. */
static void the_second_one_leaves_nothing(void) {
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK_STATUS(SHS_OK, shs__registry_map_reading(shs__context_open(), handle));
    CHECK_STATUS(SHS_OK, shs__registry_map_reading(shs__context_open(), handle));
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    stop_all();
}

static const struct test tests[] = {
    { "the second one leaves nothing", the_second_one_leaves_nothing },
};

SUITE("reading", tests)
