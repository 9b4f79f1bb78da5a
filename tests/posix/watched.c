/*
 * What the server watches, and whom it lets in, when the system fails it or the application has closed something. The
 * linker leads the library's watching and accepting here, the ends of its pollers, and what wakes the server.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/os/fd_tracking.h"
#include "posix/os/fdpass.h"
#include "posix/os/poller.h"
#include "posix/server/arrivals.h"
#include "posix/server/server.h"
#include "posix/state/context.h"
#include "posix/state/current.h"
#include "posix/state/wakeup.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/suite.h"

static atomic_uint watches; /* of peers that were wanted */
static atomic_int last_watched = -1, failing_watches;

bool __real_shs__poller_watch_once(int poller, int fd, void *tag);
bool __wrap_shs__poller_watch_once(int poller, int fd, void *tag);

bool __wrap_shs__poller_watch_once(int poller, int fd, void *tag) {
    atomic_fetch_add(&watches, 1);
    atomic_store(&last_watched, fd);
    if (atomic_load(&failing_watches) == 0) return __real_shs__poller_watch_once(poller, fd, tag);
    atomic_fetch_sub(&failing_watches, 1);
    errno = ENOMEM;
    return false;
}

static atomic_uint wakes;

void __real_shs__wakeup_send(const struct context *context);
void __wrap_shs__wakeup_send(const struct context *context);

void __wrap_shs__wakeup_send(const struct context *context) {
    atomic_fetch_add(&wakes, 1);
    __real_shs__wakeup_send(context);
}

static atomic_int failing_accepts;

int __real_shs__fdpass_accept(int listener);
int __wrap_shs__fdpass_accept(int listener);

int __wrap_shs__fdpass_accept(int listener) {
    if (atomic_load(&failing_accepts) == 0) return __real_shs__fdpass_accept(listener);
    atomic_fetch_sub(&failing_accepts, 1);
    errno = EMFILE;
    return -1;
}

static atomic_uint ends;
static atomic_int last_ended = -1;

void __real_shs__poller_end(int poller);
void __wrap_shs__poller_end(int poller);

void __wrap_shs__poller_end(int poller) {
    atomic_fetch_add(&ends, 1);
    atomic_store(&last_ended, poller);
    __real_shs__poller_end(poller);
}

/* ---- peers ---- */

static int connection_to(shs_pid pid) {
    const struct peer *peer = shs__peer_find(&current_context()->peers, pid);
    REQUIRE(peer != NULL && atomic_load(&peer->connection) != NULL);
    return atomic_load(&peer->connection)->fd;
}

/* As a connection does that is new in the bucket of this one. */
static void have_all_watched(shs_pid pid) {
    atomic_store(&peers_bucket(&current_context()->peers, pid)->unwatched, true);
    atomic_store(&watches, 0);
    CHECK_STATUS(SHS_OK, shs_dispatch());
}

/* Of what it says unasked nothing is heard otherwise. And one that is watched need not be watched again. */
static void a_failed_watch_of_a_peer_is_made_up_for(void) {
    start_without_thread();
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    atomic_store(&failing_watches, 1);
    const shs_handle handle = block_new(1, 100, pid);
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK(atomic_load(&failing_watches) == 0);
    have_all_watched(pid);
    CHECK_NUMBER(1, atomic_load(&watches));
    have_all_watched(pid);
    CHECK_NUMBER(0, atomic_load(&watches));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    actor_end(owner);
}

/* The application has closed the connection, and has opened something under its number. */
static void what_is_the_applications_is_not_watched(void) {
    int own[2];
    start_without_thread();
    struct child *owner = actor_start_attached();
    atomic_store(&failing_watches, INT_MAX); /* not before */
    (void)block_new(1, 100, child_pid(owner));
    atomic_store(&failing_watches, 0);
    const int connection = connection_to(child_pid(owner));
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, own) == 0);
    REQUIRE(dup2(own[0], connection) == connection);
    atomic_store(&last_watched, -1);
    have_all_watched(child_pid(owner));
    CHECK(atomic_load(&last_watched) != connection);
    CHECK(write(own[1], "x", 1) == 1);
    CHECK_STATUS(SHS_OK, shs_dispatch());
    char byte = 0;
    CHECK(read(connection, &byte, 1) == 1 && byte == 'x');
    close(connection);
    close(own[0]);
    close(own[1]);
    actor_end(owner);
}

static void a_new_connection_is_told_of_once(void) {
    start_without_thread();
    CHECK_STATUS(SHS_OK, shs_dispatch());
    struct child *owner = actor_start_attached();
    atomic_store(&wakes, 0);
    atomic_store(&watches, 0);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    CHECK_NUMBER(1, atomic_load(&wakes));
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK_NUMBER(1, atomic_load(&watches));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    CHECK_NUMBER(1, atomic_load(&wakes));
    actor_end(owner);
}

/* ---- arrivals ---- */

/* In the round in which it is let in. */
static void who_comes_is_heard_at_once(void) {
    const struct message hello = { .kind = WIRE_HELLO, .pid = shs_self() };
    start_without_thread();
    CHECK_STATUS(SHS_OK, shs_dispatch());
    struct pollfd answered = { .fd = raw_connect(shs_self()), .events = POLLIN };
    CHECK(raw_say(answered.fd, &hello, -1));
    CHECK(shs__arrivals_accept(current_context()->server));
    CHECK(poll(&answered, 1, 0) == 1);
    close(answered.fd);
}

/* A thread that serves pauses only where it could do nothing for those who wait: they would keep it busy. */
static void who_was_refused_needs_no_pause(void) {
    start_without_thread();
    struct server *server = current_context()->server;
    const int one = raw_connect(shs_self()), another = raw_connect(shs_self());
    atomic_store(&failing_accepts, 1);
    CHECK(shs__arrivals_accept(server));
    CHECK(raw_is_refused(one, SHS_E_LIMIT));
    atomic_store(&failing_accepts, 2);
    CHECK(!shs__arrivals_accept(server));
    CHECK(atomic_load(&failing_accepts) == 0);
    CHECK(shs__arrivals_accept(server));
    CHECK_NUMBER(1, server->count);
    close(one);
    close(another);
}

/* ---- pollers ---- */

/* What a system keeps of a poller besides its descriptor. */
static void a_poller_ends_with_its_descriptor(void) {
    int pair[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    raw_track(pair);
    const int poller = shs__fd_open_poller(pair[0]);
    REQUIRE(poller >= 0);
    atomic_store(&ends, 0);
    shs__fd_close(pair[1]);
    CHECK_NUMBER(0, atomic_load(&ends));
    shs__fd_close(poller);
    CHECK(atomic_load(&ends) == 1 && atomic_load(&last_ended) == poller);
    shs__fd_close(pair[0]);
    CHECK_NUMBER(1, atomic_load(&ends));
}

static const struct test tests[] = {
    { "a failed watch of a peer is made up for", a_failed_watch_of_a_peer_is_made_up_for },
    { "what is the application's is not watched", what_is_the_applications_is_not_watched },
    { "a new connection is told of once", a_new_connection_is_told_of_once },
    { "who comes is heard at once", who_comes_is_heard_at_once },
    { "who was refused needs no pause", who_was_refused_needs_no_pause },
    { "a poller ends with its descriptor", a_poller_ends_with_its_descriptor },
};

SUITE("watched", tests)
