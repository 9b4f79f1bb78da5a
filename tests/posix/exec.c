/*
 * Programs that are started by a process that uses the library: exec, alone and after a fork.
 *
 * A new program inherits neither descriptors nor the endpoint; a process that executes another program is not attached
 * until that one calls the library.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/suite.h"
#include "support/system.h"

#include <stdatomic.h>

/* Answers with the number of descriptors that are open in a new program. */
static int count_role(char **arguments) {
    uint32_t count = 0;
    (void)arguments;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) return EXIT_FAILURE;
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return parent_send(&count, sizeof count) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static uint32_t descriptors_of_a_new_program(void) {
    uint32_t count = 0;
    struct child *child = child_start("count", NULL);
    REQUIRE(child != NULL);
    CHECK(child_receive(child, &count, sizeof count));
    CHECK_NUMBER(0, (uint64_t)child_wait(child));
    return count;
}

static void become_counter(int channel) {
    if (dup2(channel, STDIN_FILENO) >= 0) execl("/proc/self/exe", "exec", "--role", "count", (char *)NULL);
    _exit(EXIT_FAILURE);
}

/* The same of a program that is executed after fork(), which waits for what is being opened. */
static uint32_t descriptors_after_a_fork(void) {
    uint32_t count = 0;
    int pair[2], status = 0;
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    const pid_t pid = fork();
    if (pid == 0) become_counter(pair[1]);
    close(pair[1]);
    CHECK_NUMBER(sizeof count, (uint64_t)recv(pair[0], &count, sizeof count, MSG_WAITALL));
    close(pair[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_NUMBER(0, (uint64_t)status);
    return count;
}

static void nothing_leaks_into_programs(void) {
    const uint32_t before = descriptors_of_a_new_program();
    struct child *other = actor_start_attached();
    const shs_handle own = block_new(1, 100, shs_self());
    const shs_handle large = block_new(1, 1 << 20, shs_self());
    const shs_handle given = block_new(1, 100, child_pid(other));
    void *view = block_lock(given, child_pid(other), SHS_READ);
    CHECK(actor_sees(other, own, shs_self(), 1, 100));
    CHECK_NUMBER(before, descriptors_of_a_new_program());
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(given, child_pid(other)));
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(large, shs_self()));
    actor_end(other);
}

struct churn {
    atomic_bool done;
    atomic_uint failures;
};

/* Large blocks, each with descriptors of its own, made and passed while others start programs. */
static void keep_opening(void *context) {
    struct churn *churn = context;
    while (!atomic_load(&churn->done)) {
        shs_handle handle = 0;
        if (shs_alloc(NULL, 200000, shs_self(), &handle) != SHS_OK || shs_free(handle, shs_self()) != SHS_OK)
            atomic_fetch_add(&churn->failures, 1);
    }
}

static void start_while_threads_call(uint32_t (*start)(void)) {
    struct churn churn = { .failures = 0 };
    const uint32_t before = start();
    struct parallel *thread = parallel_start(keep_opening, &churn);
    for (size_t i = 0; i < 50; i++) {
        CHECK_NUMBER(before, start());
    }
    atomic_store(&churn.done, true);
    parallel_join(thread);
    CHECK_NUMBER(0, atomic_load(&churn.failures));
}

static void programs_are_spawned_while_threads_call(void) {
    if (system_opens_closed_on_exec()) start_while_threads_call(descriptors_of_a_new_program);
}

static void programs_are_forked_while_threads_call(void) { start_while_threads_call(descriptors_after_a_fork); }

static void stop_and_start(struct child *actor, shs_pid pid) {
    actor_tell(actor, (struct actor_request){ .command = ACTOR_STOP });
    actor_tell(actor, (struct actor_request){ .command = ACTOR_PROBE, .pid = pid });
}

static void hear_both(struct child *actor) {
    for (int i = 0; i < 2; i++)
        CHECK_STATUS(SHS_OK, (shs_status)actor_hear(actor).status);
}

/* What each of the others has to do when a program is started. Not more, as a channel has room for some of it. */
#define AHEAD 2

/* Connections from others come in all the time, in threads of the library. */
static void start_while_others_connect(uint32_t (*start)(void)) {
    struct child *others[3] = { actor_start(), actor_start(), actor_start() };
    const uint32_t before = start();
    for (size_t i = 0; i < LENGTH(others) * AHEAD; i++) {
        stop_and_start(others[i % LENGTH(others)], shs_self());
    }
    for (size_t i = 0; i < 60 * LENGTH(others); i++) {
        struct child *other = others[i % LENGTH(others)];
        if (i % LENGTH(others) == 0) CHECK_NUMBER(before, start());
        hear_both(other);
        stop_and_start(other, shs_self());
    }
    for (size_t i = 0; i < LENGTH(others) * AHEAD; i++) {
        hear_both(others[i % LENGTH(others)]);
    }
    for (size_t i = 0; i < LENGTH(others); i++) {
        actor_end(others[i]);
    }
}

static void programs_are_spawned_while_others_connect(void) {
    if (system_opens_closed_on_exec()) start_while_others_connect(descriptors_of_a_new_program);
}

static void programs_are_forked_while_others_connect(void) { start_while_others_connect(descriptors_after_a_fork); }

/* Attaches, says which handle it has, and becomes an actor that has not called the library. */
static int become_actor_role(char **arguments) {
    shs_handle handle = 0;
    (void)arguments;
    EXPECT_STATUS(SHS_OK, shs_alloc("old", 4, shs_self(), &handle));
    EXPECT(parent_send(&handle, sizeof handle));
    uint32_t go = 0;
    EXPECT(parent_receive(&go, sizeof go));
    execl("/proc/self/exe", "actor", "--role", "actor", (char *)NULL);
    return EXIT_FAILURE;
}

static void a_new_program_is_not_attached(void) {
    shs_handle old = 0;
    const uint32_t go = 1;
    struct child *child = child_start("become-actor", NULL);
    REQUIRE(child != NULL);
    const shs_pid pid = child_pid(child);
    CHECK(child_receive(child, &old, sizeof old));
    CHECK_STATUS(SHS_OK, block_status(old, pid));
    CHECK(child_send(child, &go, sizeof go));
    const struct actor_request which = { .command = ACTOR_MATCHES };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(child, which).status);
    CHECK_STATUS(SHS_E_NOT_ATTACHED, checked_probe(pid));
    CHECK_STATUS(SHS_E_NOT_ATTACHED, block_status(old, pid));
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(child, (struct actor_request){ .command = ACTOR_START }).status);
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK_STATUS(SHS_E_HANDLE, block_status(old, pid));
    const shs_handle handle = block_new(2, 100, pid);
    CHECK(actor_sees(child, handle, pid, 2, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    actor_end(child);
}

static const struct test tests[] = {
    { "nothing leaks into programs", nothing_leaks_into_programs },
    { "programs are spawned while threads call", programs_are_spawned_while_threads_call },
    { "programs are forked while threads call", programs_are_forked_while_threads_call },
    { "programs are spawned while others connect", programs_are_spawned_while_others_connect },
    { "programs are forked while others connect", programs_are_forked_while_others_connect },
    { "a new program is not attached", a_new_program_is_not_attached },
};

static const struct role roles[] = { { "count", count_role }, { "become-actor", become_actor_role } };

SUITE_WITH_ROLES("exec", tests, roles, LENGTH(roles))
