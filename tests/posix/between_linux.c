/*
 * Between two steps of a call: what another thread may do there. The linker leads functions of the library here, and
 * that thread's step is made at the worst moment.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "posix/client/client.h"
#include "posix/os/shm_object.h"
#include "posix/state/context.h"
#include "posix/state/notifications.h"
#include "posix/state/owner.h"
#include "posix/state/trim.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"

static bool wants_room; /* as soon as a segment is registered */
static bool stops;      /* before a block's size is told */
static shs_pid known;   /* then this peer must be known still: the block's segment leads to it */
static bool forgotten;

shs_status __real_shs__owner_register(struct context *context, struct segment *segment);
shs_status __wrap_shs__owner_register(struct context *context, struct segment *segment);

shs_status __wrap_shs__owner_register(struct context *context, struct segment *segment) {
    const shs_status status = __real_shs__owner_register(context, segment);
    if (wants_room) shs__trim_unused(context);
    return status;
}

void __real_shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size);
void __wrap_shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size);

void __wrap_shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size) {
    if (stops) stop_all();
    if (known != 0 && shs__peer_find(&current_context()->peers, known) == NULL) forgotten = true;
    __real_shs__segment_set_size(segment, slot, size);
}

static _Thread_local bool stops_late; /* when the block is there */

void __real_shs__registry_let_go(struct context *context, struct segment *segment);
void __wrap_shs__registry_let_go(struct context *context, struct segment *segment);

void __wrap_shs__registry_let_go(struct context *context, struct segment *segment) {
    __real_shs__registry_let_go(context, segment);
    if (stops_late) stop_all();
}

/* ---- what takes its time ---- */

static _Thread_local shs_pid watched; /* nobody else's turn with this peer may be held up by this thread */
static size_t held_up;

/* False when this thread has it, as others do not have it for long. */
static bool lock_patiently(struct context *context) {
    struct timespec until;
    if (timespec_get(&until, TIME_UTC) != TIME_UTC) return false;
    until.tv_sec += 10;
    return pthread_mutex_timedlock(&context->lock, &until) == 0;
}

static void look_at_turn(void) {
    struct context *context = current_context();
    if (watched == 0) return;
    if (lock_patiently(context)) {
        const struct peer *peer = shs__peer_find(&context->peers, watched);
        if (peer != NULL && peer->busy) held_up++;
        context_unlock(context);
    } else {
        held_up++;
    }
}

shs_status __real_shs__shm_object_make(const struct shm_contents *contents, int *fd);
shs_status __wrap_shs__shm_object_make(const struct shm_contents *contents, int *fd);

shs_status __wrap_shs__shm_object_make(const struct shm_contents *contents, int *fd) {
    look_at_turn();
    return __real_shs__shm_object_make(contents, fd);
}

void __real_shs__shm_object_unmap(void *address, uint64_t length);
void __wrap_shs__shm_object_unmap(void *address, uint64_t length);

void __wrap_shs__shm_object_unmap(void *address, uint64_t length) {
    look_at_turn();
    __real_shs__shm_object_unmap(address, length);
}

/* Memory is made, filled and unmapped while others can talk to the peer. */
static void nothing_slow_in_a_turn(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *owner = actor_start_attached();
    options.service = SHS_SERVE_APPLICATION;
    options.retain = SHS_RETAIN_NOTHING;
    options.timeout_ms = 60000;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    watched = child_pid(owner);
    for (uint32_t i = 0; i < 6; i++) {
        const size_t size = i % 2 == 0 ? 4 * MIB : 100;
        shs_handle there = 0;
        const shs_handle given = block_new(i, size, watched);
        CHECK_STATUS(SHS_OK, actor_alloc(owner, i + 1, size, watched, &there));
        CHECK(block_holds(there, watched, i + 1, size));
        CHECK_STATUS(SHS_OK, shs_free(there, watched));
        CHECK_STATUS(SHS_OK, shs_free(given, watched));
    }
    watched = 0;
    CHECK_NUMBER(0, held_up);
    stop_all();
    actor_end(owner);
}

/* What was known of a peer that has ended is unmapped while others may talk to the one that comes in its place. */
static void nothing_slow_when_a_peer_is_gone(void) {
    for (uint32_t i = 0; i < 2; i++) {
        const size_t size = i == 0 ? 4 * MIB : 100;
        shs_handle there = 0;
        struct child *owner = actor_start_attached();
        const shs_pid pid = child_pid(owner);
        (void)block_new(i, size, pid);
        CHECK_STATUS(SHS_OK, actor_alloc(owner, i + 1, size, pid, &there));
        CHECK(block_holds(there, pid, i + 1, size));
        child_kill(owner);
        watched = pid;
        CHECK_STATUS(SHS_E_NO_PROCESS, checked_probe(pid));
        watched = 0;
        (void)child_wait(owner);
    }
    CHECK_NUMBER(0, held_up);
    stop_all();
}

static bool finished;

static void look_when_finished(struct rcu_item *item, void *context) {
    (void)item, (void)context;
    finished = true;
    look_at_turn();
}

/* Nor is what another thread has deferred. */
static void nothing_deferred_in_a_turn(void) {
    struct child *owner = actor_start_attached();
    struct rcu_item item;
    size_t count = 0;
    watched = child_pid(owner);
    for (int i = 0; i < 2; i++) { /* connects, is connected */
        CHECK_STATUS(SHS_OK, shs_start(NULL));
        finished = false;
        shs__rcu_defer(&current_context()->rcu, &item, look_when_finished);
        CHECK_STATUS(SHS_OK, shs_list(watched, NULL, 0, &count));
        CHECK(finished);
    }
    watched = 0;
    CHECK_NUMBER(0, held_up);
    stop_all();
    actor_end(owner);
}

/* ---- an owner that gives up what holds no block ---- */

static int owner_role(char **arguments) {
    uint32_t order = 1;
    (void)arguments;
    wants_room = true;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(parent_send(&order, sizeof order));
    (void)parent_receive(&order, sizeof order);
    shs_stop();
    return EXIT_SUCCESS;
}

static void a_segment_is_given_up_at_once(void) {
    uint32_t order = 0;
    struct child *owner = child_start("owner", NULL);
    REQUIRE(owner != NULL);
    CHECK(child_receive(owner, &order, sizeof order));
    for (uint32_t i = 0; i < 20; i++) {
        const size_t size = i % 2 == 0 ? 100 : 100000;
        const shs_handle handle = block_new(i, size, child_pid(owner));
        CHECK(block_holds(handle, child_pid(owner), i, size));
        CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
    }
    CHECK(child_send(owner, &order, sizeof order));
    CHECK(child_wait(owner) == 0);
}

/* ---- a stop ---- */

static void a_second_handle_is_cut_off(void) {
    const shs_handle handle = block_new(1, 100, shs_self());
    shs_handle second = 4711;
    stops = true;
    CHECK_STATUS(SHS_E_HANDLE, checked_map_handle(handle, shs_self(), shs_self(), SHS_READ, &second));
    stops = false;
    CHECK_NUMBER(4711, second);
}

static void a_first_block_is_cut_off(void) {
    static const size_t first[] = { 100, MIB };
    struct child *owner = actor_start_attached();
    for (size_t i = 0; i < LENGTH(first); i++) {
        shs_handle handle = 0;
        known = child_pid(owner);
        stops = true;
        (void)shs_alloc(NULL, first[i], known, &handle); /* the block is there, but who gave it is not */
        stops = false;
        known = 0;
        CHECK(!forgotten);
    }
    actor_end(owner);
}

/* As a block of another user's process is looked at: its handle here lives for a moment. */
static void a_view_of_one_block_is_cut_off(void) {
    struct mapping mapping;
    void *view = NULL;
    int fd = -1;
    const shs_handle handle = block_new(1, 100, shs_self());
    struct context *context = current_context();
    REQUIRE_STATUS(SHS_OK, shs__owner_export(context, handle, &mapping, &fd));
    stops_late = true;
    CHECK_STATUS(SHS_E_HANDLE, shs__owner_view(context, &mapping, fd, &view));
    stops_late = false;
    CHECK(view == NULL);
}

/* ---- connections that end and begin ---- */

static bool is_connected(shs_pid pid) {
    struct context *context = current_context();
    context_lock(context);
    const struct peer *peer = shs__peer_find(&context->peers, pid);
    const bool connected = peer != NULL && atomic_load(&peer->connection) != NULL;
    context_unlock(context);
    return connected;
}

static _Thread_local shs_pid lost;         /* to whom the connection ends when a block was looked up */
static _Thread_local struct peer *renewed; /* and a turn has begun in which there will be another one */

shs_status __real_shs__client_lookup(struct context *context, const struct block_name *block,
                                     const struct waiting *wait);
shs_status __wrap_shs__client_lookup(struct context *context, const struct block_name *block,
                                     const struct waiting *wait);

shs_status __wrap_shs__client_lookup(struct context *context, const struct block_name *block,
                                     const struct waiting *wait) {
    if (renewed != NULL) shs__peer_end(context, renewed);
    renewed = NULL;
    const shs_status status = __real_shs__client_lookup(context, block, wait);
    if (lost != block->owner) return status;
    lost = 0;
    if (shs__peer_take_turn(context, block->owner, wait, &renewed) == SHS_OK) shs__peer_disconnect(context, renewed);
    return status;
}

/* What was heard of the owner went with the connection: that says nothing about the block. */
static void who_connects_again_has_its_blocks(void) {
    struct child *owner = actor_start_attached();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, child_pid(owner), &handle));
    lost = child_pid(owner);
    CHECK(block_holds(handle, child_pid(owner), 1, 100));
    CHECK(lost == 0 && renewed == NULL);
    stop_all();
    actor_end(owner);
}

static _Thread_local shs_pid comes; /* to whom another thread connects when a connection ends */

typedef void finisher(struct rcu_item *item, void *context);

void __real_shs__rcu_defer(struct rcu *rcu, struct rcu_item *item, finisher *finish);
void __wrap_shs__rcu_defer(struct rcu *rcu, struct rcu_item *item, finisher *finish);

void __wrap_shs__rcu_defer(struct rcu *rcu, struct rcu_item *item, finisher *finish) {
    const shs_pid pid = comes;
    __real_shs__rcu_defer(rcu, item, finish);
    comes = 0;
    if (pid != 0) CHECK_STATUS(SHS_OK, shs_probe(pid));
}

/* Others that go on connecting are not awaited: it would have no end. */
static void who_comes_while_all_end_stays(void) {
    struct child *first = actor_start_attached(), *second = actor_start_attached();
    start_without_thread();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(first)));
    comes = child_pid(second);
    shs__peers_end_all(current_context());
    CHECK(comes == 0);
    CHECK(!is_connected(child_pid(first)));
    CHECK(is_connected(child_pid(second)));
    stop_all();
    actor_end(second);
    actor_end(first);
}

static const struct test tests[] = {
    { "nothing slow in a turn", nothing_slow_in_a_turn },
    { "nothing slow when a peer is gone", nothing_slow_when_a_peer_is_gone },
    { "nothing deferred is finished in a turn", nothing_deferred_in_a_turn },
    { "a segment is given up as soon as it is there", a_segment_is_given_up_at_once },
    { "a stop cuts off a second handle", a_second_handle_is_cut_off },
    { "a stop cuts off the first block of a segment", a_first_block_is_cut_off },
    { "a stop cuts off a view of one block", a_view_of_one_block_is_cut_off },
    { "who connects again has its blocks", who_connects_again_has_its_blocks },
    { "who comes while all end stays", who_comes_while_all_end_stays },
};

static const struct role roles[] = { { "owner", owner_role } };

SUITE_WITH_ROLES("between", tests, roles, LENGTH(roles))
