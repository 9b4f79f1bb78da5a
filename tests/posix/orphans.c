/*
 * Owners that died while a forked child still holds what it inherited from them: their listener and connections.
 *
 * To the kernel these still speak for the dead process. Nobody must be told that the owner lives.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/suite.h"

#define DESCRIPTORS 64 /* more than the library has by then */

/* Copies that the library knows nothing of, and so does not close in the child. */
static void hold_everything(void) {
    for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++) {
        (void)fcntl(fd, F_DUPFD, DESCRIPTORS);
    }
}

/* Attaches, gives itself a block, and when it is told to has a child that holds everything until the test ends. */
static int orphan_role(char **arguments) {
    shs_handle handle = 0;
    uint32_t word = 0;
    (void)arguments;
    if (shs_alloc("orphan", 7, shs_self(), &handle) != SHS_OK) return EXIT_FAILURE;
    parent_send(&handle, sizeof handle);
    parent_receive(&word, sizeof word);
    hold_everything();
    if (fork() == 0) {
        parent_send(&word, sizeof word);
        parent_receive(&word, sizeof word);
        _exit(EXIT_SUCCESS);
    }
    pause();
    return EXIT_FAILURE;
}

/* An owner that this process knows well, and whose child holds all that it had. */
static struct child *orphan_start(shs_handle *handle) {
    uint32_t word = 1;
    struct child *owner = child_start("orphan", NULL);
    REQUIRE(owner != NULL);
    CHECK(child_receive(owner, handle, sizeof *handle));
    CHECK_STATUS(SHS_OK, block_status(*handle, child_pid(owner)));
    CHECK_STATUS(SHS_OK, shs_free(block_new(1, 100, child_pid(owner)), child_pid(owner)));
    CHECK(child_send(owner, &word, sizeof word) && child_receive(owner, &word, sizeof word));
    return owner;
}

static void check_dead(shs_handle handle, shs_pid pid) {
    shs_handle other = 0;
    size_t count = 0;
    void *view = NULL;
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_alloc(NULL, 100, pid, &other));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_alloc_locked(100, pid, &other, &view));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_map_handle(handle, pid, shs_self(), SHS_READ, &other));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_list(pid, NULL, 0, &count));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_wait(pid, 0));
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(handle, pid));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_free(handle, pid));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_probe(pid));
}

static void our_connection_is_still_held(void) {
    shs_handle handle = 0;
    struct child *owner = orphan_start(&handle);
    const shs_pid pid = child_pid(owner);
    child_kill(owner);
    check_dead(handle, pid);
    CHECK(child_wait(owner) == CHILD_KILLED); /* closes the channel: the grandchild ends */
    check_dead(handle, pid);
}

static void its_listener_is_still_held(void) {
    shs_handle handle = 0;
    struct child *owner = orphan_start(&handle);
    const shs_pid pid = child_pid(owner);
    shs_stop();
    child_kill(owner);
    check_dead(handle, pid);
    CHECK(child_wait(owner) == CHILD_KILLED);
}

static const struct test tests[] = {
    { "an owner that died is dead, whoever holds our connection to it", our_connection_is_still_held },
    { "an owner that died is dead, whoever holds its listener", its_listener_is_still_held },
};

static const struct role roles[] = { { "orphan", orphan_role } };

SUITE_WITH_ROLES("orphans", tests, roles, LENGTH(roles))
