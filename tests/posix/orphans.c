/*
 * Owners that died while a forked child still holds what it inherited from them: their listener, above all.
 *
 * To the kernel such a listener still speaks for the dead process. Nobody must be told that the owner lives.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/suite.h"

/* Attaches, gives itself a block, forks a child that holds everything until the test ends, and crashes. */
static int orphan_role(char **arguments) {
    shs_handle handle = 0;
    uint32_t word = 0;
    (void)arguments;
    if (shs_alloc("orphan", 7, shs_self(), &handle) != SHS_OK) return EXIT_FAILURE;
    if (fork() == 0) {
        parent_receive(&word, sizeof word);
        _exit(EXIT_SUCCESS);
    }
    parent_send(&handle, sizeof handle);
    pause();
    return EXIT_FAILURE;
}

static void a_dead_owner_with_a_child_is_dead(void) {
    shs_handle handle = 0;
    struct child *owner = child_start("orphan", NULL);
    REQUIRE(owner != NULL);
    const shs_pid pid = child_pid(owner);
    CHECK(child_receive(owner, &handle, sizeof handle));
    CHECK_STATUS(SHS_OK, block_status(handle, pid));
    child_kill(owner);
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_probe(pid));
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(handle, pid));
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_alloc("x", 1, pid, &handle));
    shs_stop();
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_probe(pid));
    CHECK(child_wait(owner) == CHILD_KILLED); /* closes the channel: the grandchild ends */
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_probe(pid));
}

#ifdef SYS_clone
/* Attaches, and when it is told to makes a child behind the back of the C library, which holds all connections. */
static int cloner_role(char **arguments) {
    uint32_t word = shs_self();
    (void)arguments;
    parent_send(&word, sizeof word);
    parent_receive(&word, sizeof word);
    if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) {
        parent_receive(&word, sizeof word);
        _exit(EXIT_SUCCESS);
    }
    parent_send(&word, sizeof word);
    pause();
    return EXIT_FAILURE;
}

static void a_dead_owner_whose_child_holds_our_connection_is_dead(void) {
    shs_handle handle = 0;
    uint32_t word = 0;
    struct child *owner = child_start("cloner", NULL);
    REQUIRE(owner != NULL);
    const shs_pid pid = child_pid(owner);
    CHECK(child_receive(owner, &word, sizeof word));
    CHECK_STATUS(SHS_OK, shs_alloc("x", 1, pid, &handle));
    CHECK(child_send(owner, &word, sizeof word));
    CHECK(child_receive(owner, &word, sizeof word));
    child_kill(owner);
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_alloc("x", 1, pid, &handle));
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(handle, pid));
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_probe(pid));
    CHECK(child_wait(owner) == CHILD_KILLED);
}
#endif

static const struct test tests[] = {
    { "an owner that died is dead, whoever holds its listener", a_dead_owner_with_a_child_is_dead },
#ifdef SYS_clone
    { "an owner that died is dead, whoever holds our connection to it",
      a_dead_owner_whose_child_holds_our_connection_is_dead },
#endif
};

static const struct role roles[] = {
    { "orphan", orphan_role },
#ifdef SYS_clone
    { "cloner", cloner_role },
#endif
};

SUITE_WITH_ROLES("orphans", tests, roles, LENGTH(roles))
