/*
 * What comes to those who wait for a process, from anybody of the user: it is cleared, and they go on waiting. The
 * linker leads the library's opening and clearing of a rendezvous here.
 */
#include "posix/ipc/rendezvous.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/ipc/address.h"
#include "posix/os/fdpass.h"
#include "raw.h"
#include "support/actor.h"
#include "support/suite.h"

#define SENT 2          /* twice as many lie there: fewer than a system lets wait */
#define PATIENCE 20000u /* milliseconds; who waits in vain is not woken before */

/* ---- in the way of a wait ---- */

static struct child *awaited; /* NULL: nobody, and nothing is done in the way */
static atomic_uint cleared;

/* Send to the rendezvous, as often, with a descriptor where it is not negative. */
static void send_to(const struct rendezvous *rendezvous, int times, int fd) {
    struct sockaddr_un address;
    const int sender = shs__fdpass_datagram_socket();
    REQUIRE(sender >= 0 && address_make(&rendezvous->directory, rendezvous->name, &address));
    CHECK(connect(sender, (const struct sockaddr *)&address, sizeof address) == 0);
    for (int i = 0; i < times; i++)
        CHECK(raw_send(sender, "x", 1, fd, fd < 0 ? 0 : 1));
    shs__fdpass_close(sender);
}

bool __real_shs__rendezvous_open(const struct runtime_place *at, uint32_t pid, uint32_t self, struct rendezvous *made);
bool __wrap_shs__rendezvous_open(const struct runtime_place *at, uint32_t pid, uint32_t self, struct rendezvous *made);

/* Somebody says that the process has attached, and it has not. */
bool __wrap_shs__rendezvous_open(const struct runtime_place *at, uint32_t pid, uint32_t self, struct rendezvous *made) {
    const bool opened = __real_shs__rendezvous_open(at, pid, self, made);
    if (opened && awaited != NULL) send_to(made, 1, -1);
    return opened;
}

void __real_shs__rendezvous_clear(const struct rendezvous *rendezvous);
void __wrap_shs__rendezvous_clear(const struct rendezvous *rendezvous);

/* It attaches when the waiter has cleared what came. */
void __wrap_shs__rendezvous_clear(const struct rendezvous *rendezvous) {
    __real_shs__rendezvous_clear(rendezvous);
    if (awaited == NULL || atomic_fetch_add(&cleared, 1) > 0) return;
    CHECK_NUMBER(SHS_OK, (uint64_t)actor_ask(awaited, (struct actor_request){ .command = ACTOR_START }).status);
}

/* ---- tests ---- */

static bool is_told(const struct rendezvous *rendezvous) {
    struct pollfd watched = { .fd = rendezvous->socket, .events = POLLIN };
    return poll(&watched, 1, 0) == 1;
}

/* Whatever was sent, and however it must be refused. */
static void all_is_cleared(void) {
    struct runtime_place place;
    struct rendezvous one;
    int pair[2];
    shs__runtime_place_read(&place, false);
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    REQUIRE(shs__rendezvous_open(&place, shs_self(), shs_self(), &one));
    send_to(&one, SENT, pair[0]); /* which is no memory */
    send_to(&one, SENT, -1);
    CHECK(is_told(&one));
    shs__rendezvous_clear(&one);
    CHECK(!is_told(&one));
    shs__rendezvous_close(&one);
    close(pair[0]);
    close(pair[1]);
}

/* Each of those who wait for one process has a rendezvous of its own. */
static void two_wait_for_one(void) {
    struct runtime_place place;
    struct rendezvous first, second;
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__rendezvous_open(&place, shs_self(), shs_self(), &first));
    REQUIRE(shs__rendezvous_open(&place, shs_self(), shs_self(), &second));
    send_to(&second, 1, -1);
    CHECK(is_told(&second) && !is_told(&first));
    shs__rendezvous_close(&second);
    shs__rendezvous_close(&first);
}

/* Otherwise it would find its rendezvous told of for ever, and look all the time. */
static void who_is_told_in_vain_clears_it(void) {
    awaited = actor_start();
    atomic_store(&cleared, 0);
    CHECK_STATUS(SHS_OK, shs_wait(child_pid(awaited), PATIENCE));
    CHECK(atomic_load(&cleared) > 0);
    actor_end(awaited);
    awaited = NULL;
}

static const struct test tests[] = {
    { "all is cleared", all_is_cleared },
    { "two wait for one", two_wait_for_one },
    { "who is told in vain clears it", who_is_told_in_vain_clears_it },
};

SUITE("rendezvous", tests)
