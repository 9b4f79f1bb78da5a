/*
 * A process that takes another effective user for a moment, or gives its own up for good: to other processes it stays
 * what it was, or is the other user's alone. Never is it both.
 *
 * Root runs these tests. The butler is a daemon, a role that changes its users when it is told to, and does its
 * housekeeping when it is told to, as an application that serves from its own loop.
 */
#include <dirent.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/server.h"
#include "state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"

#define USER 54322u
#define NAMES "shshared-54322"

/* ---- the daemon ---- */

enum step { LEAVE, COME_BACK, STAY_BEHIND, GIVE_UP, KEEP_HOUSE, START, STOP, ASK, GIVE, OWN, STEPS };

struct order {
    enum step step;
    shs_pid pid; /* to be asked, or given something */
};

static shs_status status_of(bool done) { return done ? SHS_OK : SHS_E_SYSTEM; }

static shs_status start(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    return shs_start(&options);
}

static shs_status keep_house(void) {
    current_context()->server->housekeeping = 0;
    return shs_dispatch();
}

static shs_status use_own_block(void) {
    shs_handle handle = 0;
    const shs_status status = shs_alloc("own", 4, shs_self(), &handle);
    return status == SHS_OK ? shs_free(handle, shs_self()) : status;
}

static shs_status give_to(shs_pid pid) {
    shs_handle handle = 0;
    return shs_alloc("given", 6, pid, &handle);
}

static shs_status execute(const struct order *order) {
    switch (order->step) {
        case LEAVE:
            return status_of(seteuid(USER) == 0);
        case COME_BACK:
            return status_of(seteuid(0) == 0);
        case STAY_BEHIND: /* the saved user alone is still root */
            return status_of(setreuid(USER, (uid_t)-1) == 0 && seteuid(USER) == 0);
        case GIVE_UP:
            return status_of(setgroups(0, NULL) == 0 && setuid(USER) == 0);
        case KEEP_HOUSE:
            return keep_house();
        case START:
            return start();
        case STOP:
            shs_stop();
            return SHS_OK;
        case ASK:
            return shs_probe(order->pid);
        case GIVE:
            return give_to(order->pid);
        case OWN:
            return use_own_block();
        case STEPS:
            break;
    }
    return SHS_E_ARGUMENT;
}

static bool next_order(struct order *order) {
    while (!parent_wait(shs_poll_fd()))
        shs_dispatch();
    return parent_receive(order, sizeof *order);
}

static int daemon_role(char **arguments) {
    struct order order;
    (void)arguments;
    sandbox_use("");
    while (next_order(&order)) {
        const int32_t status = execute(&order);
        if (!parent_send(&status, sizeof status)) break;
    }
    shs_stop();
    return EXIT_SUCCESS;
}

static struct child *butler;

static void begin(void) {
    sandbox_use(""); /* where processes of several users look */
    butler = child_start("butler", NULL);
    REQUIRE(butler != NULL);
}

static shs_status tell_about(enum step step, shs_pid pid) {
    const struct order order = { step, pid };
    int32_t status = SHS_E_SYSTEM;
    CHECK(child_send(butler, &order, sizeof order) && child_receive(butler, &status, sizeof status));
    return (shs_status)status;
}

static shs_status tell(enum step step) { return tell_about(step, 0); }

/* It gave up what it would need to remove its names. */
static void end(void) { actor_kill(butler); }

static struct child *user_start(void) {
    struct child *user = actor_start();
    const struct actor_request steps[] = { { .command = ACTOR_DIRECTORY },
                                           { .command = ACTOR_BECOME, .number = USER },
                                           { .command = ACTOR_START } };
    for (size_t i = 0; i < LENGTH(steps); i++)
        REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(user, steps[i]).status);
    return user;
}

static shs_status probe_by(struct child *user) {
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = child_pid(butler) };
    return (shs_status)actor_ask(user, probe).status;
}

static size_t users_folders(bool remove) {
    size_t count = 0;
    DIR *folder = opendir("/tmp");
    REQUIRE(folder != NULL);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strncmp(entry->d_name, NAMES, strlen(NAMES)) == 0) count++;
    }
    closedir(folder);
    if (remove) CHECK(system("rm -rf /tmp/" NAMES "*") == 0); /* NOLINT(cert-env33-c): these folders alone */
    return count;
}

static bool is_root(void) {
    if (geteuid() == 0) return true;
    skip("only root can become another user");
    return false;
}

/* ---- for a moment ---- */

static void check_it_stays(enum step leaving) {
    users_folders(true);
    begin();
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_OK, tell(leaving));
    CHECK_STATUS(SHS_OK, tell(KEEP_HOUSE));
    CHECK_NUMBER(0, users_folders(false));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(butler))); /* root's, as before */
    CHECK_STATUS(SHS_OK, tell(COME_BACK));
    CHECK_STATUS(SHS_OK, tell(KEEP_HOUSE));
    CHECK_NUMBER(0, users_folders(false));
    CHECK_STATUS(SHS_OK, tell_about(ASK, shs_self()));
    CHECK_STATUS(SHS_OK, tell(STOP));
    end();
}

static void it_stays_where_it_was(void) {
    if (!is_root()) return;
    check_it_stays(LEAVE);
    if (system_tells_saved_users()) check_it_stays(STAY_BEHIND);
}

static void nobody_else_is_let_in(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    struct child *user = user_start();
    begin();
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_OK, tell(LEAVE));
    CHECK_STATUS(SHS_OK, tell(KEEP_HOUSE));
    CHECK_STATUS(SHS_E_NOT_ATTACHED, probe_by(user)); /* it looks like one of the user's processes */
    CHECK_STATUS(SHS_E_ACCESS, tell_about(ASK, child_pid(user)));
    CHECK_STATUS(SHS_OK, tell(COME_BACK));
    CHECK_STATUS(SHS_E_ACCESS, probe_by(user));
    CHECK_STATUS(SHS_OK, tell(STOP));
    end();
    actor_end(user);
    users_folders(true);
}

/* A connection that there is goes on in the name in which it was made. */
static void what_was_begun_goes_on(void) {
    if (!is_root()) return;
    struct child *other = actor_start();
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, (struct actor_request){ .command = ACTOR_DIRECTORY }).status);
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, (struct actor_request){ .command = ACTOR_START }).status);
    begin();
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_OK, tell_about(ASK, child_pid(other)));
    CHECK_STATUS(SHS_OK, tell(LEAVE));
    CHECK_STATUS(SHS_OK, tell_about(ASK, child_pid(other)));
    CHECK_STATUS(SHS_E_ACCESS, tell_about(ASK, shs_self())); /* it begins none */
    CHECK_STATUS(SHS_OK, tell(COME_BACK));
    CHECK_STATUS(SHS_OK, tell_about(ASK, shs_self()));
    CHECK_STATUS(SHS_OK, tell(STOP));
    end();
    actor_end(other);
}

/* ---- a start ---- */

static void a_start_says_so(void) {
    if (!is_root()) return;
    begin();
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_OK, tell(LEAVE));
    CHECK_STATUS(SHS_E_ACCESS, tell(START));
    CHECK_STATUS(SHS_OK, tell(COME_BACK));
    CHECK_STATUS(SHS_OK, tell(START));
    end();
}

static void check_first_start(enum step before) {
    users_folders(true);
    begin();
    CHECK_STATUS(SHS_OK, tell(before));
    CHECK_STATUS(SHS_E_ACCESS, tell(START));
    CHECK_STATUS(SHS_OK, tell(OWN));
    CHECK_NUMBER(0, users_folders(false));
    CHECK_STATUS(SHS_OK, tell(COME_BACK));
    if (before == LEAVE) CHECK_STATUS(SHS_OK, tell(START));
    if (before == LEAVE) CHECK_STATUS(SHS_OK, shs_probe(child_pid(butler)));
    CHECK_NUMBER(0, users_folders(false));
    end();
}

static void a_first_start_waits_until_it_is_settled(void) {
    if (!system_tells_saved_users()) return;
    if (!is_root()) return;
    check_first_start(LEAVE);
    check_first_start(STAY_BEHIND);
}

/* ---- for good ---- */

static void begin_and_give_up(struct child **user) {
    *user = user_start();
    begin();
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(butler)));
    CHECK_STATUS(SHS_OK, tell_about(ASK, shs_self()));
    CHECK_STATUS(SHS_E_ACCESS, probe_by(*user));
    CHECK_STATUS(SHS_OK, tell(GIVE_UP));
}

static void end_with_user(struct child *user) {
    CHECK_STATUS(SHS_OK, tell(OWN));
    actor_end(user);
    end();
    users_folders(true);
}

static void connections_end_when_it_is_asked(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    struct child *user;
    begin_and_give_up(&user);
    CHECK_STATUS(SHS_E_ACCESS, checked_probe(child_pid(butler)));
    CHECK_STATUS(SHS_OK, tell(OWN));      /* it is where it is now before it takes an order */
    CHECK_STATUS(SHS_OK, probe_by(user)); /* whose it is now */
    CHECK_STATUS(SHS_E_ACCESS, tell_about(ASK, shs_self()));
    end_with_user(user);
}

static void connections_end_when_it_asks(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    struct child *user;
    begin_and_give_up(&user);
    CHECK_STATUS(SHS_E_ACCESS, tell_about(ASK, shs_self()));
    CHECK_STATUS(SHS_OK, tell_about(ASK, child_pid(user)));
    CHECK_STATUS(SHS_OK, probe_by(user));
    CHECK_STATUS(SHS_E_ACCESS, checked_probe(child_pid(butler)));
    end_with_user(user);
}

static void connections_end_when_it_starts(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    struct child *user;
    begin_and_give_up(&user);
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_E_ACCESS, checked_probe(child_pid(butler)));
    CHECK_STATUS(SHS_OK, probe_by(user));
    end_with_user(user);
}

/* Which is a matter of no message: there is memory of root's for it, and a word that says that root's process lives. */
static void check_nothing_is_given_after(enum step next) {
    begin();
    CHECK_STATUS(SHS_OK, tell(START));
    CHECK_STATUS(SHS_OK, tell_about(GIVE, shs_self()));
    CHECK_STATUS(SHS_OK, tell(GIVE_UP));
    CHECK_STATUS(SHS_OK, tell(next));
    CHECK_STATUS(SHS_E_ACCESS, tell_about(GIVE, shs_self()));
    end();
}

static void nothing_is_given_in_the_name_before(void) {
    if (!is_root()) return;
    check_nothing_is_given_after(KEEP_HOUSE);
    check_nothing_is_given_after(START);
    users_folders(true);
}

static const struct test tests[] = {
    { "for a moment: it stays where it was", it_stays_where_it_was },
    { "for a moment: nobody else is let in", nobody_else_is_let_in },
    { "for a moment: what was begun goes on", what_was_begun_goes_on },
    { "a start says so", a_start_says_so },
    { "a first start waits until it is settled", a_first_start_waits_until_it_is_settled },
    { "for good: connections end when it is asked", connections_end_when_it_is_asked },
    { "for good: connections end when it asks", connections_end_when_it_asks },
    { "for good: connections end when it starts", connections_end_when_it_starts },
    { "for good: nothing is given in the name before", nothing_is_given_in_the_name_before },
};

static const struct role roles[] = { { "butler", daemon_role } };

SUITE_WITH_ROLES("identity", tests, roles, LENGTH(roles))
