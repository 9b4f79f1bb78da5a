/*
 * Memory that is kept for the next block: up to the limit, for a time, and then it goes back.
 *
 * What is kept is measured as what the system maps for a process and shares. Sweeps are made by the test itself, so
 * that nothing waits for the server's clock; one test leaves it to the server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "posix/state/context.h"
#include "posix/state/peer_call.h"
#include "posix/state/trim.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/sizes.h"
#include "support/suite.h"

#define BLOCKS_MOST 4000
#define SLACK (2 * MIB) /* words, and the last segment that went beyond the limit */
#define SWEEPS 3        /* until a segment counts as unused */
#define SWEEPS_IDLE 32  /* until even memory within the limit goes back */
#define GROWING 12      /* MiB of the largest of several blocks */
#define WAIT_ROUNDS 20000
#define RELEASES_MOST 450 /* more than a connection has room for; an owner has room for as many segments */

static shs_handle handles[BLOCKS_MOST];

/* Bytes of shared mappings of a process: those for writing, as those for reading show the same bytes once more. */
static uint64_t shared_bytes(shs_pid pid) {
    char line[512];
    uint64_t sum = 0;
    snprintf(line, sizeof line, "/proc/%u/maps", (unsigned)pid);
    FILE *maps = fopen(line, "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long long first, end;
        char modes[5];
        if (sscanf(line, "%llx-%llx %4s", &first, &end, modes) == 3 && modes[1] == 'w' && modes[3] == 's')
            sum += end - first;
    }
    if (maps != NULL) fclose(maps);
    return sum;
}

static void start(uint64_t retain) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.retain = retain;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
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

/* What the owner maps, too, once it has heard. */
static bool comes_down(shs_pid pid, uint64_t most) {
    for (int round = 0; round < WAIT_ROUNDS; round++) {
        if (shared_bytes(pid) <= most) return true;
        parallel_pause();
    }
    fprintf(stderr, "%llu bytes are shared, %llu may be\n", (unsigned long long)shared_bytes(pid),
            (unsigned long long)most);
    return false;
}

/* After sweeps, no more than the limit; and that much where there was more. */
static void check_limit(uint64_t retain, uint64_t limit, size_t count, size_t size) {
    struct child *owner = actor_start_attached();
    start(retain);
    const uint64_t own_before = shared_bytes(shs_self()), their_before = shared_bytes(child_pid(owner));
    make_and_free(shs_self(), count, size);
    sweep(SWEEPS);
    CHECK(shared_bytes(shs_self()) <= own_before + limit + SLACK);
    shs_stop();
    start(retain);
    make_and_free(child_pid(owner), count, size);
    sweep(SWEEPS);
    CHECK(shared_bytes(shs_self()) <= own_before + limit + SLACK);
    CHECK(comes_down(child_pid(owner), their_before + limit + SLACK));
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

static void idle_memory_goes_back(void) {
    struct child *owner = actor_start_attached();
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
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION; /* no server sweeps meanwhile */
    options.retain = SHS_RETAIN_NOTHING;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
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

static void the_server_sweeps_by_itself(void) {
    start(SHS_RETAIN_NOTHING);
    const uint64_t before = shared_bytes(shs_self());
    make_and_free(shs_self(), 10, MIB);
    CHECK(comes_down(shs_self(), before));
}

/* An owner that is held takes no more than its connection has room for. What was not sent to it is not waited for
 * later. */
static void a_full_connection_empties(void) {
    if (!actors_can_be_held()) return;
    struct child *owner = actor_start_attached();
    struct context *context = shs__context_open();
    struct shs_options options = SHS_OPTIONS_INIT;
    options.own_pages = 1;
    options.timeout_ms = 50;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    const struct peer *peer = NULL;
    size_t freed = 0;
    for (size_t i = 0; i < RELEASES_MOST; i++)
        handles[i] = block_new(0, 1, child_pid(owner));
    REQUIRE(child_pause(owner));
    for (peer = shs__peer_find(&context->peers, child_pid(owner)); peer->releases == NULL && freed < RELEASES_MOST;) {
        CHECK_STATUS(SHS_OK, shs_free(handles[freed++], child_pid(owner)));
        shs__trim_unused(context);
        shs__peers_flush(context);
    }
    CHECK(peer->releases != NULL);
    free(peer->releases); /* the last one: it is full to the brim */
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

static const struct test tests[] = {
    { "freed large blocks keep to a limit", large_blocks_keep_to_a_limit },
    { "freed small blocks keep to a limit", small_blocks_keep_to_a_limit },
    { "the default limit is 64 MiB", the_default_is_64_mib },
    { "nothing is kept where nothing shall be", nothing_is_kept },
    { "idle memory goes back", idle_memory_goes_back },
    { "memory in use stays", used_memory_stays },
    { "nothing is kept for a moment", nothing_is_kept_for_a_moment },
    { "the limit holds in the owner", the_limit_holds_in_the_owner },
    { "the limit holds between sweeps", the_limit_holds_between_sweeps },
    { "the server sweeps by itself", the_server_sweeps_by_itself },
    { "a full connection empties", a_full_connection_empties },
};

SUITE("retain", tests)
