/*
 * What could not be told, as a connection had no room, is told when it has.
 *
 * A third process that looked blocks up, and hears nothing while all of them are freed.
 */
#include <unistd.h>

#include "posix/block/handle_table.h"
#include "posix/state/context.h"
#include "raw.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

#define BLOCKS ((size_t)450) /* more than a connection has room for; an owner has room for as many segments */

static shs_handle handles[BLOCKS];
static bool told[INDEX_COUNT];
static size_t told_count;

/* Each in a segment of its own, that the third process has looked up. */
static void make(int third) {
    for (size_t i = 0; i < BLOCKS; i++) {
        handles[i] = block_new(1, 1, shs_self());
        const struct message lookup = { .kind = WIRE_LOOKUP, .handle = handles[i] };
        struct message response = { .status = SHS_E_SYSTEM };
        REQUIRE(raw_ask(third, &lookup, -1, &response));
        REQUIRE_STATUS(SHS_OK, (shs_status)response.status);
        REQUIRE(response.third != 0);
    }
}

static void note(uint32_t first, uint32_t last) {
    for (uint32_t index = first; index <= last; index++) {
        told_count += !told[index];
        told[index] = true;
    }
}

/* By the service thread, as far as there was room. */
static void wait_until_told(void) {
    struct context *context = shs__context_open();
    for (bool done = false; !done; parallel_pause()) {
        context_lock(context);
        done = context->emptied.first == NULL;
        context_unlock(context);
    }
}

static void a_full_connection_hears_of_all(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.own_pages = 1;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    const int third = raw_greet(shs_self());
    make(third);
    for (size_t i = 0; i < BLOCKS; i++)
        CHECK_STATUS(SHS_OK, shs_free(handles[i], shs_self()));
    wait_until_told();
    for (size_t heard = 0; told_count < BLOCKS; heard++) { /* or the test's time is up */
        struct message said;
        REQUIRE(heard < BLOCKS && raw_hear(third, &said));
        CHECK_NUMBER(WIRE_EMPTIED, said.kind);
        note(said.base == WIRE_ALL ? 0 : said.base, said.base == WIRE_ALL ? INDEX_COUNT - 1 : said.base);
    }
    close(third);
}

static const struct test tests[] = {
    { "a full connection hears of all", a_full_connection_hears_of_all },
};

SUITE("untold", tests)
