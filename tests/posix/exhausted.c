/*
 * Owners that run out of descriptors: whoever asks them is told so, and all is well when they have some again.
 *
 * The owner is a role that takes every descriptor that it may have, and lets them go, when it is told to.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"

#define FEW 64
#define SHARE_OF_FEW 8
#define LEAST 4          /* connections, with however few descriptors */
#define SHARE_OF_MORE 64 /* connections, where there may be 512 descriptors */

/* ---- the owner ---- */

static int hoard[FEW];
static size_t hoarded;

static void take_all(void) {
    for (int fd = dup(STDIN_FILENO); fd >= 0 && hoarded < FEW; fd = dup(STDIN_FILENO)) {
        hoard[hoarded++] = fd;
    }
}

static void let_go(void) {
    while (hoarded > 0) {
        close(hoard[--hoarded]);
    }
}

enum { LET_GO, TAKE_ALL };

static int hoarder_role(char **arguments) {
    uint32_t order = LET_GO;
    struct rlimit limit;
    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = strtoul(arguments[0], NULL, 10);
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    do {
        (order == TAKE_ALL ? take_all : let_go)();
        EXPECT(parent_send(&order, sizeof order));
    } while (parent_receive(&order, sizeof order));
    return EXIT_SUCCESS;
}

static struct child *hoarder_start_with(const char *descriptors) {
    uint32_t done = 0;
    struct child *owner = child_start("hoarder", (const char *const[]){ descriptors, NULL });
    REQUIRE(owner != NULL);
    CHECK(child_receive(owner, &done, sizeof done));
    return owner;
}

static struct child *hoarder_start(void) { return hoarder_start_with("64"); }

static void tell(struct child *owner, uint32_t order) {
    CHECK(child_send(owner, &order, sizeof order));
    CHECK(child_receive(owner, &order, sizeof order));
}

static void hoarder_end(struct child *owner) {
    child_kill(owner);
    CHECK(child_wait(owner) == CHILD_KILLED);
}

/* ---- what others are told ---- */

static void one_that_is_known(void) {
    struct child *owner = hoarder_start();
    const shs_pid pid = child_pid(owner);
    const shs_handle small = block_new(1, 100, pid);
    shs_handle large = 0;
    tell(owner, TAKE_ALL);
    CHECK_STATUS(SHS_E_LIMIT, checked_alloc(NULL, MIB, pid, &large));
    CHECK(block_holds(small, pid, 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(small, pid));
    tell(owner, LET_GO);
    large = block_new(2, MIB, pid);
    CHECK(block_holds(large, pid, 2, MIB));
    CHECK_STATUS(SHS_OK, shs_free(large, pid));
    hoarder_end(owner);
}

/* Without a word: so that the connection can be closed at once. */
static void knock(shs_pid pid) {
    const int knocking = raw_connect(pid);
    CHECK(raw_is_refused(knocking, SHS_E_LIMIT));
    close(knocking);
}

/* Not even a connection can be taken: that it says, to everyone who comes. */
static void one_that_is_not_known(void) {
    if (!kernel_keeps_arrivals()) return;
    struct child *owner = hoarder_start();
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = 300;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    tell(owner, TAKE_ALL);
    knock(child_pid(owner));
    knock(child_pid(owner)); /* it has a descriptor again to say so with */
    CHECK_STATUS(SHS_E_LIMIT, checked_probe(child_pid(owner)));
    tell(owner, LET_GO);
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    hoarder_end(owner);
}

/* All is said when the owner looks. */
static bool is_refused_when_it_speaks(struct child *owner) {
    const struct message hello = { .kind = WIRE_HELLO, .pid = shs_self() };
    CHECK(child_pause(owner));
    const int speaking = raw_connect(child_pid(owner));
    CHECK(raw_say(speaking, &hello, -1));
    CHECK(child_resume(owner));
    const bool refused = raw_is_refused(speaking, SHS_E_LIMIT);
    close(speaking);
    return refused;
}

static void take_all_until_it_refuses(struct child *owner) {
    do /* the one before may not have left yet, and has to make room then */
        tell(owner, TAKE_ALL);
    while (!is_refused_when_it_speaks(owner));
}

/* Who has spoken already is closed late, and keeps the descriptor so long that was given up for the refusal. */
static void one_that_refused_somebody_who_spoke(void) {
    if (!kernel_keeps_arrivals()) return;
    struct child *owner = hoarder_start();
    take_all_until_it_refuses(owner);
    tell(owner, LET_GO);
    CHECK(!is_refused_when_it_speaks(owner));
    take_all_until_it_refuses(owner);
    hoarder_end(owner);
}

static size_t count_open(const int *sockets, size_t count) {
    size_t open = 0;
    for (size_t i = 0; i < count; i++) {
        struct pollfd watched = { .fd = sockets[i] };
        if (poll(&watched, 1, 0) == 0) open++;
    }
    return open;
}

/* Connections beyond its share close the oldest ones; nobody is kept out by those who only sit there. */
static void one_that_everybody_connects_to(void) {
    int sockets[2 * FEW];
    struct child *owner = hoarder_start();
    const shs_handle treasure = block_new(1, MIB, child_pid(owner));
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        sockets[i] = raw_greet(child_pid(owner));
    }
    CHECK(count_open(sockets, LENGTH(sockets)) <= SHARE_OF_FEW);
    struct child *stranger = actor_start();
    CHECK(actor_sees(stranger, treasure, child_pid(owner), 1, MIB));
    CHECK(block_holds(treasure, child_pid(owner), 1, MIB));
    CHECK_STATUS(SHS_OK, shs_free(treasure, child_pid(owner)));
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        close(sockets[i]);
    }
    actor_end(stranger);
    hoarder_end(owner);
}

/* Who has come and says nothing makes room for others, and is told so: it may come again. */
static void one_that_silent_ones_come_to(void) {
    int sockets[2 * SHARE_OF_FEW];
    struct child *owner = hoarder_start();
    for (size_t i = 0; i < LENGTH(sockets); i++)
        sockets[i] = raw_connect(child_pid(owner));
    CHECK(raw_is_refused(sockets[0], SHS_E_TIMEOUT));
    for (size_t i = 0; i < LENGTH(sockets); i++)
        close(sockets[i]);
    hoarder_end(owner);
}

/* Nor is one that is used: the others have nothing to say. */
static void one_of_many_that_is_used(void) {
    int sockets[2 * FEW];
    const struct message probe = { .kind = WIRE_PROBE };
    struct message response;
    struct child *owner = hoarder_start();
    const int used = raw_greet(child_pid(owner));
    bool answers = true;
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        sockets[i] = raw_greet(child_pid(owner));
        answers = answers && raw_ask(used, &probe, -1, &response) && response.status == SHS_OK;
    }
    CHECK(answers);
    for (size_t i = 0; i < LENGTH(sockets); i++)
        close(sockets[i]);
    close(used);
    hoarder_end(owner);
}

/* Nor one of which a request waits to be received, while others are served: there are more than are looked at together,
 * and who is new comes first. */
static void one_that_has_asked(void) {
    int sockets[SHARE_OF_MORE];
    const struct message probe = { .kind = WIRE_PROBE };
    struct message response;
    if (!actors_can_be_held()) return;
    struct child *owner = hoarder_start_with("512");
    const shs_pid pid = child_pid(owner);
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        sockets[i] = raw_greet(pid);
        CHECK(raw_ask(sockets[i], &probe, -1, &response)); /* who has asked nothing yet is spared for a while */
    }
    CHECK(child_pause(owner));
    const int new_one = raw_connect(pid);
    for (size_t i = 0; i < LENGTH(sockets); i++)
        CHECK(raw_say(sockets[i], &probe, -1));
    CHECK(child_resume(owner));
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        CHECK(raw_hear(sockets[i], &response) && response.status == SHS_OK);
        close(sockets[i]);
    }
    close(new_one);
    hoarder_end(owner);
}

/* Some can always be connected, though it is more than the share of so few. */
static void one_with_few_descriptors(void) {
    int sockets[LEAST];
    struct child *owner = hoarder_start_with("24");
    for (size_t i = 0; i < LENGTH(sockets); i++)
        sockets[i] = raw_greet(child_pid(owner));
    CHECK_NUMBER(LEAST, count_open(sockets, LENGTH(sockets)));
    for (size_t i = 0; i < LENGTH(sockets); i++)
        close(sockets[i]);
    hoarder_end(owner);
}

static const struct test tests[] = {
    { "an owner that is known runs out of descriptors", one_that_is_known },
    { "an owner that is not known runs out of descriptors", one_that_is_not_known },
    { "one that refused somebody who spoke", one_that_refused_somebody_who_spoke },
    { "an owner that everybody connects to", one_that_everybody_connects_to },
    { "one that silent ones come to", one_that_silent_ones_come_to },
    { "a connection that is used, among many", one_of_many_that_is_used },
    { "a connection that has asked, among many", one_that_has_asked },
    { "an owner that may have few descriptors", one_with_few_descriptors },
};

static const struct role roles[] = { { "hoarder", hoarder_role } };

SUITE_WITH_ROLES("exhausted", tests, roles, LENGTH(roles))
