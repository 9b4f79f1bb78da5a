/*
 * Givers that are not run for a while, just when the owner has taken what they are about to put a block into.
 *
 * The test is the owner, and answers from here. A giver is held whenever it is answered, so that what it was given is
 * there, and empty, before it goes on.
 */
#include <poll.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "posix/server/server.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

#define RETIRED_LEAST 20u /* before a giver may go on */
#define CONNECTIONS 4u    /* as few as there can be */
#define DESCRIPTORS 32u   /* with which there are so few, when all of them are free */
#define FRESH_MILLISECONDS 100u
#define ROUNDS 20

static struct context *context;

static void begin(void) {
    start_without_thread();
    context = shs__context_open();
}

/* Answer others, and keep no house. */
static void serve(void) {
    context->server->housekeeping = deadline_in(UINT32_MAX / 2);
    CHECK_STATUS(SHS_OK, shs_dispatch());
}

/* ---- what was given, and holds no block ---- */

static bool is_empty(struct segment *segment) {
    return segment->role == SEGMENT_OWNER && segment->giver != shs_self() && !segment->retired &&
           !shs__segment_is_live(segment);
}

static bool count_empty(struct context *of, struct segment *segment, void *count) {
    (void)of;
    *(unsigned *)count += is_empty(segment);
    return true;
}

static bool retire_empty(struct context *of, struct segment *segment, void *count) {
    if (!is_empty(segment)) return true;
    shs__registry_retire(of, segment);
    ++*(unsigned *)count;
    return true;
}

static unsigned visit(registry_visit *each) {
    unsigned count = 0;
    shs__registry_each(context, each, &count);
    context_reclaim(context);
    return count;
}

/* ---- givers ---- */

struct giver {
    struct child *actor;
    struct parallel *thread; /* hears the answer */
    struct actor_reply reply;
    atomic_bool answered;
};

static void hear(void *argument) {
    struct giver *giver = argument;
    giver->reply = actor_hear(giver->actor);
    atomic_store(&giver->answered, true);
}

static void let_give(struct giver *giver) {
    const struct actor_request give = { .command = ACTOR_ALLOC, .pid = shs_self(), .size = 100, .number = 1 };
    atomic_store(&giver->answered, false);
    actor_tell(giver->actor, give);
    giver->thread = parallel_start(hear, giver);
    REQUIRE(giver->thread != NULL);
}

/* Serve until it has given. */
static void end_giving(struct giver *giver) {
    while (!atomic_load(&giver->answered)) {
        serve();
        parallel_pause();
    }
    parallel_join(giver->thread);
    CHECK_STATUS(SHS_OK, (shs_status)giver->reply.status);
    CHECK(block_holds(giver->reply.handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(giver->reply.handle, shs_self()));
}

static void serve_held(const struct giver *giver) {
    CHECK(child_pause(giver->actor));
    serve();
}

static void resume(const struct giver *giver) {
    CHECK(child_resume(giver->actor));
    parallel_pause();
}

/* An owner that takes what is empty away, again and again, does not keep a block from coming in the end. */
static void retired_again_and_again(void) {
    if (!actors_can_be_held()) return;
    static struct giver giver;
    giver.actor = actor_start_attached();
    begin();
    let_give(&giver);
    for (unsigned retired = 0; retired < RETIRED_LEAST && !atomic_load(&giver.answered); resume(&giver)) {
        serve_held(&giver);
        retired += visit(retire_empty);
    }
    end_giving(&giver);
    actor_end(giver.actor);
    shs_stop();
}

/* ---- all connections are such givers' ---- */

static void lower_descriptors(struct rlimit *before) {
    REQUIRE(getrlimit(RLIMIT_NOFILE, before) == 0);
    struct rlimit lowered = *before;
    lowered.rlim_cur = DESCRIPTORS;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &lowered) == 0);
}

/* Each is held from its answer on. */
static void let_all_begin(struct giver givers[]) {
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        let_give(&givers[i]);
        serve_held(&givers[i]);
        while (visit(count_empty) <= i) {
            resume(&givers[i]);
            serve_held(&givers[i]);
        }
    }
}

static void await_newcomer(void) {
    struct pollfd watched = { .fd = context->endpoint.listener, .events = POLLIN };
    CHECK(poll(&watched, 1, -1) == 1);
}

/* Nobody makes room who is about to go on. True when it was seen: while that can be asked of the owner. */
static bool newcomer_waits(struct giver givers[], struct giver *newcomer) {
    const deadline fresh = deadline_in(FRESH_MILLISECONDS);
    let_all_begin(givers);
    CHECK_NUMBER(CONNECTIONS, context->server->count);
    let_give(newcomer);
    await_newcomer();
    serve();
    const unsigned empty = visit(count_empty);
    const bool seen = deadline_left(fresh) > 0;
    if (seen) CHECK_NUMBER(CONNECTIONS, empty);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        resume(&givers[i]);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        end_giving(&givers[i]);
    end_giving(newcomer);
    return seen;
}

static void about_to_give(void) {
    if (!actors_can_be_held()) return;
    static struct giver givers[CONNECTIONS + 1];
    struct rlimit before;
    bool seen = false;
    for (unsigned i = 0; i <= CONNECTIONS; i++)
        givers[i].actor = actor_start_attached();
    lower_descriptors(&before);
    for (int round = 0; round < ROUNDS && !seen; round++) {
        begin();
        seen = newcomer_waits(givers, &givers[CONNECTIONS]);
        shs_stop();
    }
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    for (unsigned i = 0; i <= CONNECTIONS; i++)
        actor_end(givers[i].actor);
    if (!seen) skip("this machine was too busy to hold four givers at once in a tenth of a second");
}

static const struct test tests[] = {
    { "what is retired before its first block is made again", retired_again_and_again },
    { "a giver that is about to give makes no room", about_to_give },
};

SUITE("slow_givers", tests)
