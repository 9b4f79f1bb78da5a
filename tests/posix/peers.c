/*
 * The rules for peers: one thread at a time has its turn, the connection that was used least lately makes room, the
 * dead are forgotten, and what an owner is still to be told is not lost.
 * Turns with a process that is not there need no connection: the pid of such a one stands for any peer.
 */
#include "posix/state/peer.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel.h"
#include "posix/client/client.h"
#include "posix/state/context.h"
#include "posix/state/peer_call.h"
#include "posix/state/trim.h"
#include "shared_bytes.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/sizes.h"
#include "support/suite.h"

#define NOBODY 0x7FFFFFF0u /* no process has this pid */
#define LONG 600000u       /* milliseconds: longer than a test may take */
#define SHARE 4u           /* peers that a process may have here */
#define OWED_MOST 4u
#define RELEASES_MOST 20000 /* more than a connection takes */

static struct context *context;
static struct thread *thread;

/* Without a server of its own, which would keep house meanwhile. */
static void begin(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    options.timeout_ms = LONG;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    thread = context_enter();
    thread_leave(thread);
    context = thread->context;
}

static struct peer *find(shs_pid pid) {
    context_lock(context);
    struct peer *peer = shs__peer_find(&context->peers, pid);
    context_unlock(context);
    return peer;
}

static bool is_connected(shs_pid pid) {
    const struct peer *peer = find(pid);
    return peer != NULL && atomic_load(&peer->connection) != NULL;
}

/* An actor that this process has a connection to. */
static struct child *peer_start(void) {
    struct child *actor = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(actor)));
    CHECK(is_connected(child_pid(actor)));
    return actor;
}

/* ---- turns ---- */

static void a_turn_is_one_threads(void) {
    struct peer *mine = NULL, *other = NULL;
    const struct waiting none = wait_not();
    begin();
    REQUIRE_STATUS(SHS_OK, shs__peer_take_turn(context, NOBODY, &none, &mine));
    CHECK_STATUS(SHS_E_TIMEOUT, shs__peer_take_turn(context, NOBODY, &none, &other));
    CHECK(other == NULL && find(NOBODY) == mine); /* who waited in vain took nothing away */
    shs__peer_end(context, mine);
    CHECK(find(NOBODY) == NULL);
    REQUIRE_STATUS(SHS_OK, shs__peer_take_turn(context, NOBODY, &none, &mine));
    shs__peer_end(context, mine);
}

static atomic_bool had_turn;

static void have_turn(void *unused) {
    struct peer *peer = NULL;
    const struct waiting wait = { .until = deadline_in(LONG), .pump_fd = -1 };
    (void)unused;
    if (shs__peer_take_turn(context, NOBODY, &wait, &peer) != SHS_OK) return;
    atomic_store(&had_turn, true);
    shs__peer_end(context, peer);
}

static unsigned uses_of(struct peer *peer) {
    context_lock(context);
    const unsigned uses = peer->uses;
    context_unlock(context);
    return uses;
}

static void the_next_is_told_when_a_turn_ends(void) {
    struct peer *mine = NULL;
    const struct waiting none = wait_not();
    begin();
    atomic_store(&had_turn, false);
    REQUIRE_STATUS(SHS_OK, shs__peer_take_turn(context, NOBODY, &none, &mine));
    struct parallel *next = parallel_start(have_turn, NULL);
    while (uses_of(mine) < 2)
        parallel_pause();
    CHECK(!atomic_load(&had_turn));
    shs__peer_end(context, mine);
    parallel_join(next);
    CHECK(atomic_load(&had_turn));
}

/* ---- room ---- */

static struct rlimit before;

static void lower_share(void) {
    struct rlimit few;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    few = before;
    few.rlim_cur = (rlim_t)SHARE * 8;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
}

static void raise_share(void) { CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0); }

/* Which of the actors lost its connection when one more was wanted: the one at this place, and no other. */
static void check_evicted(struct child *const *actors, size_t evicted) {
    for (size_t i = 0; i <= SHARE; i++)
        CHECK_NUMBER(i != evicted, is_connected(child_pid(actors[i])));
}

static void with_one_too_many(void (*prepare)(struct child *const *actors), size_t evicted) {
    struct child *actors[SHARE + 1];
    begin();
    for (size_t i = 0; i <= SHARE; i++)
        actors[i] = actor_start_attached();
    for (size_t i = 0; i < SHARE; i++)
        CHECK_STATUS(SHS_OK, shs_probe(child_pid(actors[i])));
    lower_share();
    prepare(actors);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(actors[SHARE])));
    raise_share();
    check_evicted(actors, evicted);
    shs_stop();
    for (size_t i = 0; i <= SHARE; i++)
        actor_end(actors[i]);
}

static void use_the_first(struct child *const *actors) { CHECK_STATUS(SHS_OK, shs_probe(child_pid(actors[0]))); }

static void the_one_used_least_lately_makes_room(void) { with_one_too_many(use_the_first, 1); }

static struct peer *kept;

static void keep_the_first(struct child *const *actors) {
    kept = shs__peer_get(thread, child_pid(actors[0]));
    CHECK(kept != NULL);
}

static void one_in_use_makes_no_room(void) {
    with_one_too_many(keep_the_first, 1); /* the library is stopped, but not this peer's connection */
    CHECK_NUMBER(1, kept->uses);
    shs__peer_put(context, kept);
    stop_all();
    shs__peers_end_all(context);
}

/* ---- ends ---- */

static void the_dead_are_forgotten(void) {
    begin();
    struct child *dead = peer_start();
    struct child *alive = peer_start();
    const shs_pid pid = child_pid(dead);
    const shs_handle given = block_new(1, MIB, pid);
    actor_kill(dead);
    shs__peers_end_dead(thread);
    CHECK(find(pid) == NULL && context->peers.count == 1 && is_connected(child_pid(alive)));
    CHECK_NUMBER(0, context->registry.usage.all.segments);
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(given, pid));
    actor_end(alive);
}

/* Its connection is that thread's until its turn ends. */
static void not_while_a_thread_has_its_turn(void) {
    struct peer *peer = NULL;
    const struct waiting none = wait_not();
    begin();
    struct child *dead = peer_start();
    const shs_pid pid = child_pid(dead);
    REQUIRE_STATUS(SHS_OK, shs__peer_begin(context, pid, &none, &peer));
    actor_kill(dead);
    shs__peers_end_dead(thread);
    CHECK(is_connected(pid));
    shs__peer_end(context, peer);
    shs__peers_end_dead(thread);
    CHECK(find(pid) == NULL);
}

/* A stop does not wait for it; what it gave goes when its turn ends. */
static void a_stop_while_a_thread_has_its_turn(void) {
    struct peer *peer = NULL;
    const struct waiting none = wait_not();
    begin();
    struct child *owner = peer_start();
    const shs_pid pid = child_pid(owner);
    REQUIRE_STATUS(SHS_OK, shs__peer_begin(context, pid, &none, &peer));
    stop_all();
    CHECK(find(pid) == peer);
    shs__peer_end(context, peer);
    CHECK(find(pid) == NULL);
    begin();
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    kept = shs__peer_get(thread, pid);
    stop_all();
    CHECK(find(pid) == kept);
    shs__peer_put(context, kept);
    CHECK(find(pid) == NULL);
    actor_end(owner);
}

/* A call that ended after the last stop may have left something: the next stop takes it, though nothing was started. */
static void what_came_after_the_last_stop_goes_too(void) {
    const struct waiting wait = { .until = deadline_in(LONG), .pump_fd = -1 };
    begin();
    struct child *other = actor_start_attached();
    stop_all();
    CHECK_STATUS(SHS_OK, shs__client_probe(context, child_pid(other), &wait)); /* as from within such a call */
    CHECK(is_connected(child_pid(other)));
    CHECK_NUMBER(0, context->starts);
    shs_stop();
    CHECK(find(child_pid(other)) == NULL);
    actor_end(other);
}

/* ---- what owners are told ---- */

static size_t count_releases(shs_pid pid) {
    size_t count = 0;
    context_lock(context);
    const struct peer *peer = shs__peer_find(&context->peers, pid);
    for (const struct release *release = peer->releases; release != NULL; release = release->next)
        count++;
    context_unlock(context);
    return count;
}

/* A number at which the owner has no segment of this process: that tells it nothing. */
static void queue_release(shs_pid pid) {
    struct peer *peer = find(pid);
    context_lock(context);
    CHECK(shs__peer_queue_release(context, peer, WIRE_RELEASE_SEGMENT, INDEX_COUNT - 1));
    context_unlock(context);
}

static void all_are_told_with_the_next_request(void) {
    begin();
    struct child *owner = peer_start();
    for (size_t i = 1; i <= 3; i++) {
        queue_release(child_pid(owner));
        CHECK_NUMBER(i, count_releases(child_pid(owner)));
    }
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    CHECK_NUMBER(0, count_releases(child_pid(owner)));
    actor_end(owner);
}

/* What the system says of a notification is nothing that the caller asked for. */
static void notifications_leave_the_error_of_the_call(void) {
    begin();
    struct child *owner = peer_start();
    (void)shs__backend_error(SHS_E_SYSTEM, 4711);
    queue_release(child_pid(owner));
    shs__peers_flush(context);
    CHECK_NUMBER(4711, (uint64_t)shs_native_error());
    actor_end(owner);
}

/* It does not read, and its connection is full. Later it has much to read, on a busy machine. */
static void what_cannot_be_told_is_told_later(void) {
    if (!actors_can_be_held() || !kernel_sends_whole()) return;
    struct shs_options patient = SHS_OPTIONS_INIT;
    patient.timeout_ms = LONG;
    begin();
    CHECK_STATUS(SHS_OK, shs_start(&patient));
    struct child *owner = peer_start();
    const shs_pid pid = child_pid(owner);
    REQUIRE(child_pause(owner));
    for (size_t i = 0; i < RELEASES_MOST; i++)
        queue_release(pid);
    shs__peers_flush(context);
    const size_t left = count_releases(pid);
    CHECK(left > 0 && left < RELEASES_MOST);
    shs__peers_flush(context);
    CHECK_NUMBER(left, count_releases(pid));
    REQUIRE(child_resume(owner));
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK_NUMBER(0, count_releases(pid));
    actor_end(owner);
}

/* The next connection gave nothing yet. */
static void nothing_is_told_by_another_connection(void) {
    struct peer *peer = NULL;
    const struct waiting none = wait_not();
    begin();
    struct child *owner = peer_start();
    queue_release(child_pid(owner));
    REQUIRE_STATUS(SHS_OK, shs__peer_take_turn(context, child_pid(owner), &none, &peer));
    shs__peer_disconnect(context, peer);
    CHECK_NUMBER(0, count_releases(child_pid(owner)));
    shs__peer_end(context, peer);
    actor_end(owner);
}

/* The owner took a segment, and said so when nobody waited for that any more. */
static void a_late_range_is_given_back(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    shs_handle handle = 0;
    if (!actors_can_be_held()) return;
    begin();
    struct child *owner = peer_start();
    const shs_pid pid = child_pid(owner);
    options.timeout_ms = 50;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const uint64_t mapped = shared_bytes(pid);
    REQUIRE(child_pause(owner));
    CHECK_STATUS(SHS_E_TIMEOUT, shs_alloc(NULL, MIB, pid, &handle));
    REQUIRE(child_resume(owner));
    options.timeout_ms = LONG;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK_NUMBER(0, count_releases(pid));
    CHECK(shared_bytes_come_down(pid, mapped));
    actor_end(owner);
}

/* An owner that does not answer is not asked again and again: each response may hold a descriptor on its way. */
static void few_responses_are_owed(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    if (!actors_can_be_held()) return;
    begin();
    struct child *owner = peer_start();
    const struct peer *peer = find(child_pid(owner));
    options.timeout_ms = 20;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    REQUIRE(child_pause(owner));
    for (uint32_t i = 1; i <= 2 * OWED_MOST; i++) {
        CHECK_STATUS(SHS_E_TIMEOUT, shs_probe(child_pid(owner)));
        CHECK_NUMBER(i < OWED_MOST ? i : OWED_MOST, peer->serial - peer->answered);
    }
    REQUIRE(child_resume(owner));
    options.timeout_ms = LONG;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    CHECK_NUMBER(0, peer->serial - peer->answered);
    actor_end(owner);
}

/* The application closed the connection, and has a file of its own by that number. */
static void nothing_is_told_to_a_file_of_the_application(void) {
    int pair[2];
    char byte;
    begin();
    struct child *owner = peer_start();
    const shs_pid pid = child_pid(owner);
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    const int number = atomic_load(&find(pid)->connection)->fd;
    REQUIRE(dup2(pair[0], number) == number);
    queue_release(pid);
    shs__peers_flush(context);
    CHECK(recv(pair[1], &byte, 1, MSG_DONTWAIT) == -1);
    CHECK(send(number, "x", 1, MSG_NOSIGNAL) == 1 && recv(pair[1], &byte, 1, MSG_DONTWAIT) == 1);
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK(recv(pair[1], &byte, 1, MSG_DONTWAIT) == -1);
    close(number);
    close(pair[0]);
    close(pair[1]);
    actor_end(owner);
}

static const struct test tests[] = {
    { "a turn is one thread's", a_turn_is_one_threads },
    { "the next is told when a turn ends", the_next_is_told_when_a_turn_ends },
    { "the peer used least lately makes room", the_one_used_least_lately_makes_room },
    { "a peer in use makes no room", one_in_use_makes_no_room },
    { "the dead are forgotten", the_dead_are_forgotten },
    { "but not while a thread has its turn", not_while_a_thread_has_its_turn },
    { "a stop while a thread has its turn", a_stop_while_a_thread_has_its_turn },
    { "what came after the last stop goes, too", what_came_after_the_last_stop_goes_too },
    { "all releases are told with the next request", all_are_told_with_the_next_request },
    { "notifications leave the error of the call", notifications_leave_the_error_of_the_call },
    { "what cannot be told is told later", what_cannot_be_told_is_told_later },
    { "nothing is told by another connection", nothing_is_told_by_another_connection },
    { "a range that came too late is given back", a_late_range_is_given_back },
    { "few responses are owed", few_responses_are_owed },
    { "nothing is told to a file of the application", nothing_is_told_to_a_file_of_the_application },
};

SUITE("peers", tests)
