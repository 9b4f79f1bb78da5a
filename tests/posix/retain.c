/*
 * Memory that is kept for the next block: up to the limit, for a time, and then it goes back.
 *
 * What is kept is measured as what the system maps for a process and shares. Sweeps are made by the test itself, so
 * that nothing waits for the server's clock; one test leaves it to the server.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "posix/state/context.h"
#include "posix/state/peer_call.h"
#include "posix/state/trim.h"
#include "shared_bytes.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/sizes.h"
#include "support/suite.h"

#define BLOCKS_MOST 4000
#define SLACK (2 * MIB)   /* words, and the last segment that went beyond the limit */
#define SWEEPS 3          /* until a segment counts as unused */
#define SWEEPS_IDLE 32    /* until even memory within the limit goes back */
#define GROWING 12        /* MiB of the largest of several blocks */
#define RELEASES_MOST 450 /* more than a connection has room for; an owner has room for as many segments */

#define SCATTERED ((size_t)640) /* blocks of 16 KiB, of which one stays in each segment */
#define SCATTER 32

static shs_handle handles[BLOCKS_MOST];
static atomic_size_t not_freed;

static void start(uint64_t retain) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.retain = retain;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
}

/* No server sweeps meanwhile, nor has in its hands what is to go back. */
static void start_alone(uint64_t retain) {
    start_without_thread();
    start(retain);
}

static void sweep(int times) {
    struct context *context = shs__context_open();
    for (int i = 0; i < times; i++) {
        shs__trim_periodic(context);
        shs__peers_flush(context);
    }
}

static void make_and_free(shs_pid owner, size_t count, size_t size) {
    for (size_t i = 0; i < count; i++)
        handles[i] = block_new(0, size, owner);
    CHECK(shared_bytes(shs_self()) >= count * size);
    for (size_t i = 0; i < count; i++)
        CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
}

/* After sweeps, no more than the limit; and that much where there was more. */
static void check_limit(uint64_t retain, uint64_t limit, size_t count, size_t size) {
    struct child *owner = actor_start_attached();
    start_alone(retain);
    const uint64_t own_before = shared_bytes(shs_self()), their_before = shared_bytes(child_pid(owner));
    make_and_free(shs_self(), count, size);
    sweep(SWEEPS);
    CHECK(shared_bytes(shs_self()) <= own_before + limit + SLACK);
    stop_all();
    start_alone(retain);
    make_and_free(child_pid(owner), count, size);
    sweep(SWEEPS);
    CHECK(shared_bytes(shs_self()) <= own_before + limit + SLACK);
    CHECK(shared_bytes_come_down(child_pid(owner), their_before + limit + SLACK));
    actor_end(owner);
}

static void large_blocks_keep_to_a_limit(void) { check_limit(8 * MIB, 8 * MIB, 40, MIB); }

static void small_blocks_keep_to_a_limit(void) {
    check_limit(8 * MIB, 8 * MIB, 400, 64 * KIB);
    check_limit(2 * MIB, 2 * MIB, 2000, 4 * KIB);
}

static void the_default_is_64_mib(void) {
    check_limit(SHS_RETAIN_DEFAULT, 64 * MIB, 100, MIB);
    make_and_free(shs_self(), 100, MIB);
    sweep(SWEEPS);
    CHECK(shared_bytes(shs_self()) >= 60 * MIB);
}

static void nothing_is_kept(void) {
    check_limit(SHS_RETAIN_NOTHING, 0, 20, MIB);
    check_limit(SHS_RETAIN_NOTHING, 0, 400, 16 * KIB);
}

static void what_was_kept_longest_goes_first(void) {
    start(4 * MIB + MIB / 2);
    const uint64_t before = shared_bytes(shs_self());
    const shs_handle first = block_new(0, 4 * MIB, shs_self()), second = block_new(0, MIB, shs_self());
    CHECK_STATUS(SHS_OK, shs_free(first, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(second, shs_self()));
    CHECK(shared_bytes(shs_self()) < before + 2 * MIB);
}

static void idle_memory_goes_back(void) {
    struct child *owner = actor_start_attached();
    start_alone(SHS_RETAIN_DEFAULT);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    const uint64_t before = shared_bytes(shs_self());
    make_and_free(shs_self(), 20, MIB);
    make_and_free(child_pid(owner), 20, MIB);
    make_and_free(shs_self(), 200, KIB);
    make_and_free(child_pid(owner), 200, KIB);
    sweep(SWEEPS);
    CHECK(shared_bytes(shs_self()) >= before + 40 * MIB);
    sweep(SWEEPS_IDLE);
    CHECK_NUMBER(before, shared_bytes(shs_self()));
    actor_end(owner);
}

/* What is used now and then is not idle. */
static void used_memory_stays(void) {
    const uint64_t before = shared_bytes(shs_self());
    make_and_free(shs_self(), 4, MIB);
    for (int i = 0; i < 2 * SWEEPS_IDLE; i++) {
        CHECK_STATUS(SHS_OK, shs_free(block_new(0, MIB, shs_self()), shs_self()));
        sweep(1);
        CHECK(shared_bytes(shs_self()) >= before + MIB);
    }
    CHECK(shared_bytes(shs_self()) < before + 2 * MIB);
}

/* Nothing is kept, not for a moment: neither what is freed, nor what is given back by its last view later. */
static void nothing_is_kept_for_a_moment(void) {
    start_alone(SHS_RETAIN_NOTHING);
    const uint64_t before = shared_bytes(shs_self());
    for (int i = 0; i < 20; i++) {
        const shs_handle handle = block_new(0, MIB, shs_self());
        void *view = block_lock(handle, shs_self(), SHS_READ_WRITE);
        CHECK_STATUS(SHS_OK, i % 2 == 0 ? shs_unlock(view) : shs_free(handle, shs_self()));
        CHECK(shared_bytes(shs_self()) >= before + MIB);
        CHECK_STATUS(SHS_OK, i % 2 == 0 ? shs_free(handle, shs_self()) : shs_unlock(view));
        CHECK_NUMBER(before, shared_bytes(shs_self()));
    }
}

static void a_lower_limit_counts_at_once(void) {
    start_without_thread();
    const uint64_t before = shared_bytes(shs_self());
    make_and_free(shs_self(), 4, MIB);
    start(SHS_RETAIN_NOTHING);
    CHECK_NUMBER(before, shared_bytes(shs_self()));
}

/* A third process keeps what it sees, and no longer. */
static void the_last_view_gives_back(void) {
    struct child *owner = actor_start_attached();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, MIB, child_pid(owner), &handle));
    start_alone(SHS_RETAIN_NOTHING);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    const uint64_t before = shared_bytes(shs_self());
    void *view = block_lock(handle, child_pid(owner), SHS_READ);
    CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
    CHECK(shared_bytes(shs_self()) >= before + MIB);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_NUMBER(before, shared_bytes(shs_self()));
    actor_end(owner);
}

/* The owner frees what another process gave, and has no more of it than it may; nor has the giver, by its next block.
 */
static void the_limit_holds_in_the_owner(void) {
    struct child *giver = actor_start_attached();
    static shs_handle given[40];
    start(8 * MIB);
    const uint64_t before = shared_bytes(shs_self());
    for (size_t i = 0; i < LENGTH(given); i++)
        CHECK_STATUS(SHS_OK, actor_alloc(giver, 1, MIB, shs_self(), &given[i]));
    for (size_t i = 0; i < LENGTH(given); i++)
        CHECK_STATUS(SHS_OK, shs_free(given[i], shs_self()));
    CHECK(shared_bytes(shs_self()) <= before + 8 * MIB + 8 * MIB / 4 + SLACK);
    actor_end(giver);
}

/* Whoever makes blocks of ever other sizes does not wait for a sweep. */
static void the_limit_holds_between_sweeps(void) {
    start(8 * MIB);
    const uint64_t before = shared_bytes(shs_self());
    for (size_t i = 1; i <= GROWING; i++) {
        CHECK_STATUS(SHS_OK, shs_free(block_new(0, i * MIB, shs_self()), shs_self()));
        CHECK(shared_bytes(shs_self()) <= before + 8 * MIB + i * MIB + SLACK);
    }
}

/* Little was freed last, and much is without a block by it. */
static void the_last_block_of_many_counts(void) {
    start_alone(2 * MIB);
    const uint64_t before = shared_bytes(shs_self());
    for (size_t i = 0; i < SCATTERED; i++)
        handles[i] = block_new(0, 16 * KIB, shs_self());
    for (size_t i = 0; i < SCATTERED; i++) {
        if (i % SCATTER != 0) CHECK_STATUS(SHS_OK, shs_free(handles[i], shs_self()));
    }
    CHECK(shared_bytes(shs_self()) >= before + SCATTERED * 16 * KIB);
    for (size_t i = 0; i < SCATTERED; i += SCATTER)
        CHECK_STATUS(SHS_OK, shs_free(handles[i], shs_self()));
    CHECK(shared_bytes(shs_self()) <= before + 2 * MIB);
}

static void free_a_part(void *next) {
    for (size_t i; (i = atomic_fetch_add((atomic_size_t *)next, 1)) < SCATTERED;) {
        if (shs_free(handles[i], shs_self()) != SHS_OK) atomic_fetch_add(&not_freed, 1);
    }
}

/* However many threads free at once. */
static void the_limit_is_one_for_all_threads(void) {
    static atomic_size_t next;
    start(8 * MIB);
    const uint64_t before = shared_bytes(shs_self());
    for (size_t i = 0; i < SCATTERED; i++)
        handles[i] = block_new(0, 100 * KIB, shs_self());
    atomic_store(&next, 0);
    parallel_run(8, free_a_part, &next);
    CHECK_NUMBER(0, atomic_load(&not_freed));
    CHECK(shared_bytes(shs_self()) <= before + 8 * MIB);
}

static void the_server_sweeps_by_itself(void) {
    start(SHS_RETAIN_NOTHING);
    const uint64_t before = shared_bytes(shs_self());
    make_and_free(shs_self(), 10, MIB);
    CHECK(shared_bytes_come_down(shs_self(), before));
}

/* An owner that is held takes what its connection has room for. What was not sent is not waited for later. */
static void a_full_connection_empties(void) {
    if (!actors_can_be_held() || !kernel_fills_connections(RELEASES_MOST)) return;
    struct child *owner = actor_start_attached();
    struct context *context = shs__context_open();
    struct shs_options options = SHS_OPTIONS_INIT;
    options.own_pages = 1;
    options.timeout_ms = 60000;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    const struct peer *peer = NULL;
    size_t freed = 0;
    for (size_t i = 0; i < RELEASES_MOST; i++)
        handles[i] = block_new(0, 1, child_pid(owner));
    options.timeout_ms = 50;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    REQUIRE(child_pause(owner));
    for (peer = shs__peer_find(&context->peers, child_pid(owner)); peer->releases == NULL && freed < RELEASES_MOST;) {
        CHECK_STATUS(SHS_OK, shs_free(handles[freed++], child_pid(owner)));
        shs__trim_unused(context);
        shs__peers_flush(context);
    }
    CHECK(peer->releases != NULL);
    for (struct release *left = peer->releases, *next; left != NULL; left = next) { /* it is full to the brim */
        next = left->next;
        free(left);
    }
    shs__peer_find(&context->peers, child_pid(owner))->releases = NULL;
    for (int i = 0; i < 6; i++)
        CHECK_STATUS(SHS_E_TIMEOUT, shs_probe(child_pid(owner)));
    REQUIRE(child_resume(owner));
    options.timeout_ms = 60000;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    stop_all();
    actor_end(owner);
}

/* ---- processes that do nothing while others free their blocks ---- */

static bool no_sweeps;

void __real_shs__trim_periodic(struct context *context);
void __wrap_shs__trim_periodic(struct context *context);

void __wrap_shs__trim_periodic(struct context *context) {
    if (!no_sweeps) __real_shs__trim_periodic(context);
}

/* An actor that keeps so much, and whose housekeeping gives nothing back. */
static int idler_role(char **arguments) {
    struct shs_options options = SHS_OPTIONS_INIT;
    no_sweeps = true;
    options.retain = strtoull(arguments[0], NULL, 10);
    return shs_start(&options) == SHS_OK ? actor_role(arguments) : EXIT_FAILURE;
}

static struct child *idler_start(uint64_t retain) {
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)retain);
    struct child *idler = child_start("idler", (const char *const[]){ number, NULL });
    REQUIRE(idler != NULL);
    (void)actor_ask(idler, (struct actor_request){ .command = ACTOR_SELF }); /* it has started by now */
    return idler;
}

/* Who makes the blocks, where they live, who looks at them and who frees them: the idle process, the test, or another.
 */
enum who { IDLER, TEST, OTHER, NOBODY };

struct idling {
    enum who giver, owner, looker, freer;
    size_t count, size;
};

static struct child *actors[3];

static shs_pid pid_of(enum who who) { return who == TEST ? shs_self() : child_pid(actors[who]); }

static void look(enum who who, shs_handle handle, shs_pid owner, size_t size) {
    if (who == TEST)
        CHECK(block_holds(handle, owner, 1, size));
    else if (who != NOBODY)
        CHECK(actor_sees(actors[who], handle, owner, 1, size));
}

static void make(const struct idling *idling, size_t i) {
    const shs_pid owner = pid_of(idling->owner);
    if (idling->giver == TEST)
        handles[i] = block_new(1, idling->size, owner);
    else
        CHECK_STATUS(SHS_OK, actor_alloc(actors[idling->giver], 1, idling->size, owner, &handles[i]));
    look(idling->looker, handles[i], owner, idling->size);
}

/* The test frees, or another process that the test asks. */
static void give_back(const struct idling *idling, size_t i) {
    const shs_pid owner = pid_of(idling->owner);
    CHECK_STATUS(SHS_OK, idling->freer == TEST ? shs_free(handles[i], owner)
                                               : actor_free(actors[idling->freer], handles[i], owner));
}

/* It comes down to its limit, though it calls nothing and nobody sweeps; or to what it had, where it keeps nothing. */
static void check_idler(const struct idling *idling, uint64_t retain) {
    actors[IDLER] = idler_start(retain);
    actors[OTHER] = actor_start_attached();
    const shs_pid idler = child_pid(actors[IDLER]);
    CHECK_STATUS(SHS_OK, shs_probe(idler));
    const uint64_t before = shared_bytes(idler), limit = retain == SHS_RETAIN_NOTHING ? 0 : retain;
    for (size_t i = 0; i < idling->count; i++)
        make(idling, i);
    CHECK(shared_bytes(idler) >= before + idling->count * idling->size);
    for (size_t i = 0; i < idling->count; i++)
        give_back(idling, i);
    CHECK(shared_bytes_come_down(idler, before + limit));
    actor_end(actors[OTHER]);
    actor_kill(actors[IDLER]);
}

static void an_idle_process_keeps_to_its_limit(void) {
    static const struct idling all[] = {
        { IDLER, TEST, NOBODY, TEST, 20, MIB },       { IDLER, TEST, NOBODY, TEST, 300, 40 * KIB },
        { IDLER, OTHER, NOBODY, TEST, 20, MIB },      { IDLER, OTHER, TEST, TEST, 20, MIB },
        { IDLER, IDLER, NOBODY, TEST, 20, MIB },      { IDLER, IDLER, TEST, TEST, 20, MIB },
        { IDLER, IDLER, TEST, TEST, 300, 40 * KIB },  { TEST, IDLER, NOBODY, TEST, 20, MIB },
        { TEST, IDLER, NOBODY, TEST, 300, 40 * KIB }, { OTHER, IDLER, NOBODY, TEST, 20, MIB },
        { TEST, TEST, IDLER, TEST, 20, MIB },         { TEST, TEST, IDLER, TEST, 300, 40 * KIB },
        { OTHER, TEST, IDLER, TEST, 20, MIB },        { TEST, OTHER, IDLER, OTHER, 20, MIB },
        { TEST, OTHER, IDLER, TEST, 300, 40 * KIB },
    };
    for (size_t i = 0; i < LENGTH(all); i++) {
        const size_t failed = checks_failed();
        check_idler(&all[i], SHS_RETAIN_NOTHING);
        check_idler(&all[i], 4 * MIB);
        if (checks_failed() != failed) fprintf(stderr, "  in line %zu of the table\n", i);
    }
}

static const struct test tests[] = {
    { "freed large blocks keep to a limit", large_blocks_keep_to_a_limit },
    { "freed small blocks keep to a limit", small_blocks_keep_to_a_limit },
    { "the default limit is 64 MiB", the_default_is_64_mib },
    { "nothing is kept where nothing shall be", nothing_is_kept },
    { "what was kept longest goes first", what_was_kept_longest_goes_first },
    { "idle memory goes back", idle_memory_goes_back },
    { "memory in use stays", used_memory_stays },
    { "nothing is kept for a moment", nothing_is_kept_for_a_moment },
    { "a lower limit counts at once", a_lower_limit_counts_at_once },
    { "the last view gives back", the_last_view_gives_back },
    { "the limit holds in the owner", the_limit_holds_in_the_owner },
    { "the limit holds between sweeps", the_limit_holds_between_sweeps },
    { "the last block of many counts", the_last_block_of_many_counts },
    { "the limit is one for all threads", the_limit_is_one_for_all_threads },
    { "the server sweeps by itself", the_server_sweeps_by_itself },
    { "a full connection empties", a_full_connection_empties },
    { "an idle process keeps to its limit", an_idle_process_keeps_to_its_limit },
};

static const struct role roles[] = { { "idler", idler_role } };

SUITE_WITH_ROLES("retain", tests, roles, LENGTH(roles))
