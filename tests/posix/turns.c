/*
 * Turns with peers: who waits for one is woken by its end, whoever waits for another one.
 *
 * The test has the turns itself, as a thread has that waits for a response.
 */
#include "posix/state/context.h"
#include "posix/state/peer_call.h"
#include "support/actor.h"
#include "support/parallel.h"
#include "support/suite.h"

#define LONG 20000 /* milliseconds, for a call that is not woken */

static struct context *context;

/* A thread that asks a peer something. */
struct asker {
    struct parallel *thread;
    shs_pid pid;
    shs_status status;
};

static void ask(void *argument) {
    struct asker *asker = argument;
    asker->status = shs_probe(asker->pid);
}

static struct peer *begin_turn(shs_pid pid) {
    const struct waiting wait = shs__context_wait(context);
    struct peer *peer = NULL;
    REQUIRE_STATUS(SHS_OK, shs__peer_begin(context, pid, &wait, &peer));
    return peer;
}

/* Whoever counts as one who uses the peer, and does not have the lock, sleeps until a turn ends. */
static bool is_waited_for(const struct peer *peer) {
    context_lock(context);
    const bool waits = peer->uses > 1;
    context_unlock(context);
    return waits;
}

/* Comes back when it waits for its turn. */
static void start_asking(struct asker *asker, const struct peer *peer) {
    asker->pid = peer->pid;
    asker->thread = parallel_start(ask, asker);
    while (!is_waited_for(peer))
        parallel_pause();
}

static void end_turn(struct asker *asker, struct peer *peer) {
    shs__peer_end(context, peer);
    parallel_join(asker->thread);
    CHECK_STATUS(SHS_OK, asker->status);
}

static void begin(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    options.timeout_ms = LONG;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    context = shs__context_open();
}

/* Who came later waits for the turn that ends first. */
static void each_is_woken_for_its_own(void) {
    struct asker first = { .status = SHS_E_TIMEOUT }, second = { .status = SHS_E_TIMEOUT };
    struct child *one = actor_start_attached(), *other = actor_start_attached();
    begin();
    struct peer *long_turn = begin_turn(child_pid(one)), *short_turn = begin_turn(child_pid(other));
    start_asking(&first, long_turn);
    start_asking(&second, short_turn);
    end_turn(&second, short_turn);
    CHECK(is_waited_for(long_turn));
    end_turn(&first, long_turn);
    stop_all();
    actor_end(other);
    actor_end(one);
}

static const struct test tests[] = {
    { "each is woken for its own", each_is_woken_for_its_own },
};

SUITE("turns", tests)
