/*
 * What givers may have in this process, and what becomes of it when they end, or their connections do. The linker leads
 * here what wakes the server, so that a test sees it.
 */
#include <stdatomic.h>

#include "posix/server/connection.h"
#include "posix/server/server.h"
#include "posix/state/compaction.h"
#include "posix/state/context.h"
#include "posix/state/trim.h"
#include "posix/state/wakeup.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/sizes.h"
#include "support/suite.h"

static struct context *context;

static void begin(void) {
    start_without_thread();
    context = shs__context_open();
}

static const struct segment *segment_of(shs_handle handle) {
    context_lock(context);
    const struct segment *segment = handle_table_find(&context->own, handle_index(handle));
    context_unlock(context);
    REQUIRE(segment != NULL);
    return segment;
}

/* ---- shares ---- */

#define ADDRESSES (UINTPTR_MAX > UINT32_MAX ? UINT64_C(1) << 46 : UINT64_C(1) << 31) /* for all that others give */

/* However sparse what it gives is, one giver leaves addresses to the others. */
static void one_giver_leaves_addresses(void) {
    static struct segment segment;
    static struct usage usage;
    const shs_pid self = shs_self();
    segment.role = SEGMENT_OWNER;
    segment.giver = self + 1;
    segment.geometry = (struct geometry){ .count = 1, .stride = ADDRESSES / 16 };
    unsigned given = 0;
    for (; given < 16 && shs__usage_has_room(&usage, &segment, self, SHS_TAKE_ANY); given++)
        shs__usage_add(&usage, &segment, self);
    CHECK_NUMBER(12, given);
    segment.giver = self + 2;
    CHECK(shs__usage_has_room(&usage, &segment, self, SHS_TAKE_ANY));
    CHECK(!shs__usage_has_room(&usage, &segment, self, ADDRESSES / 16 * 12));
    shs__usage_add(&usage, &segment, self);
    shs__usage_remove(&usage, &segment, self);
    CHECK_NUMBER(ADDRESSES / 16 * 12, usage.given.bytes);
    CHECK_NUMBER(0, usage.given_by[segment.giver % USAGE_GIVERS].bytes);
}

/* ---- givers that end ---- */

static bool is_retired(const struct segment *segment) {
    uint32_t retired = 0;
    for (uint32_t i = 0; i < segment->geometry.count; i++)
        retired += (atomic_load(&segment->words[i]) & SLOT_RETIRED) != 0;
    return retired == segment->geometry.count;
}

/* Answer others, and keep no house. */
static void serve(void) {
    context->server->housekeeping = deadline_in(UINT32_MAX / 2);
    CHECK_STATUS(SHS_OK, shs_dispatch());
    parallel_pause();
}

static size_t blocks_here(void) {
    size_t count = 0;
    CHECK_STATUS(SHS_OK, shs_list(shs_self(), NULL, 0, &count));
    return count;
}

static shs_handle give_one(struct child *giver, size_t size) {
    const struct actor_request give = { .command = ACTOR_ALLOC, .pid = shs_self(), .size = size, .number = 1 };
    const size_t before = blocks_here();
    actor_tell(giver, give);
    while (blocks_here() == before)
        serve();
    return actor_hear(giver).handle;
}

/* Its memory may be in other hands still, in which nothing more shall be made of it. The second block says that the
 * giver has heard of the first one. */
static void what_the_dead_gave_takes_no_more(void) {
    struct child *giver = actor_start();
    begin();
    const shs_handle handle = give_one(giver, 100), second = give_one(giver, MIB);
    const struct segment *segment = segment_of(handle);
    CHECK(segment->geometry.count > 1 && !is_retired(segment));
    actor_kill(giver);
    while (context->server->count > 0)
        serve();
    CHECK(is_retired(segment));
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(second, shs_self()));
    shs_stop();
}

/* What is unmapped only when its last view is given back counts until then, and no longer. */
static void what_drains_counts_until_it_has(void) {
    struct child *giver = actor_start();
    begin();
    const shs_handle handle = give_one(giver, MIB), second = give_one(giver, MIB);
    void *view = block_lock(handle, shs_self(), SHS_READ);
    actor_kill(giver);
    while (context->server->count > 0)
        serve();
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(second, shs_self()));
    shs__trim_unused(context);
    CHECK(context->registry.draining != NULL);
    CHECK(context->registry.usage.given.bytes >= MIB);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    shs__registry_drain(context);
    CHECK_NUMBER(0, context->registry.usage.given.bytes);
    CHECK_NUMBER(0, context->registry.usage.all.segments);
    shs_stop();
}

/* ---- givers whose connections end ---- */

/* The oldest connection makes room for another one, as soon as all was said there. */
static void make_room(void) {
    while (!shs__connection_make_room(context->server))
        serve();
}

static bool is_here(uint32_t index) {
    context_lock(context);
    const bool here = handle_table_find(&context->own, index) != NULL;
    context_unlock(context);
    return here;
}

/* It stays as long as it holds a block: its giver may come again. What others gave, and this process itself, is as it
 * was. */
static void what_a_lost_connection_gave_goes_with_its_last_block(void) {
    struct child *giver = actor_start();
    begin();
    const shs_handle handle = give_one(giver, 100), own = block_new(2, 100, shs_self());
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    const struct segment *kept = segment_of(own);
    make_room();
    CHECK(!is_retired(segment_of(handle)));
    CHECK(is_here(handle_index(own)) && !is_retired(kept));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    shs__trim_periodic(context);
    CHECK(!is_here(handle_index(handle)));
    CHECK(is_here(handle_index(own)));
    shs_stop();
    actor_end(giver);
}

/* Nobody hears the end of a giver that has no connection any more. */
static void what_the_dead_gave_by_a_lost_connection_is_moved(void) {
    struct child *giver = actor_start();
    begin();
    const shs_handle handle = give_one(giver, 100);
    make_room();
    shs__compact(context);
    CHECK(segment_of(handle)->arena == NULL);
    actor_kill(giver);
    shs__compact(context);
    CHECK(segment_of(handle)->arena != NULL);
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    shs_stop();
}

/* ---- what givers are told ---- */

static atomic_uint wakings;

void __real_shs__wakeup_send(const struct context *woken);
void __wrap_shs__wakeup_send(const struct context *woken);

void __wrap_shs__wakeup_send(const struct context *woken) {
    atomic_fetch_add(&wakings, 1);
    __real_shs__wakeup_send(woken);
}

/* At once, and not when the server keeps house; it is woken once for all that there is to tell. */
static void givers_are_told_at_once(void) {
    struct child *giver = actor_start();
    begin();
    const shs_handle handle = give_one(giver, 100), second = give_one(giver, MIB);
    const unsigned before = atomic_load(&wakings);
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_NUMBER(before + 1, atomic_load(&wakings));
    CHECK_STATUS(SHS_OK, shs_free(second, shs_self()));
    CHECK_NUMBER(before + 1, atomic_load(&wakings));
    serve();
    CHECK_NUMBER(0, context->emptied.count);
    shs_stop();
    actor_end(giver);
}

static const struct test tests[] = {
    { "one giver leaves addresses", one_giver_leaves_addresses },
    { "what the dead gave takes no more", what_the_dead_gave_takes_no_more },
    { "what drains counts until it has", what_drains_counts_until_it_has },
    { "what a lost connection gave goes with its last block", what_a_lost_connection_gave_goes_with_its_last_block },
    { "what the dead gave by a lost connection is moved", what_the_dead_gave_by_a_lost_connection_is_moved },
    { "givers are told at once", givers_are_told_at_once },
};

SUITE("givers", tests)
