/*
 * The lock file of a process, of which the system drops the lock when anything in that process closes it: something
 * that looks through folders and reads every file, or a descriptor that came from elsewhere.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix/ipc/endpoint.h"
#include "posix/os/discard.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/process_info.h"
#include "posix/os/record_lock.h"
#include "posix/server/server.h"
#include "posix/state/context.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "target.h"

#define NEWCOMERS 1000

static int open_lock_file(shs_pid pid) {
    uint64_t namespace = 0;
    char path[300];
    REQUIRE(shs__process_info_namespace(&namespace));
    snprintf(path, sizeof path, "%s/%" PRIu64 "/%u.lock", sandbox_path(), namespace, (unsigned)pid);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    REQUIRE(fd >= 0);
    return fd;
}

/* It meets the lock file of this process among others, and knows nothing of locks. */
static void index_everything(void) { close(open_lock_file(shs_self())); }

static void check_reached_by_a_stranger(void) {
    struct child *stranger = actor_start();
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = shs_self() };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(stranger, probe).status);
    actor_end(stranger);
}

static void reached_at_once(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (int i = 0; i < 5; i++) {
        index_everything();
        check_reached_by_a_stranger();
    }
}

/* Whoever starts removes what the dead have left, of which the lock tells. */
static void not_swept(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    index_everything();
    struct child *sweeper = actor_start_attached();
    close(open_lock_file(shs_self()));
    check_reached_by_a_stranger();
    actor_end(sweeper);
}

static void a_dead_one_is_not_reached(void) {
    struct child *dead = actor_start_attached();
    const shs_pid pid = child_pid(dead);
    actor_kill(dead);
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_probe(pid));
}

static bool is_locked(void) {
    int status = -1;
    const shs_pid self = shs_self();
    const pid_t looker = fork(); /* its own locks a process does not see */
    if (looker == 0) _exit(record_lock_holder(open_lock_file(self)) == self ? EXIT_SUCCESS : EXIT_FAILURE);
    CHECK(waitpid(looker, &status, 0) == looker);
    return status == 0;
}

static void locked_again_in_time(void) {
    start_without_thread();
    CHECK(is_locked());
    index_everything();
    CHECK(!is_locked());
    current_context()->server->housekeeping = 0;
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK(is_locked());
}

/* ---- as a descriptor from elsewhere ---- */

/* The lock is gone for a moment. */
static void await_lock(int file) {
    while (record_lock_holder(file) != child_pid(owner))
        parallel_pause();
}

static const struct message offer = { .kind = WIRE_ADD_SEGMENT, .count = 1, .stride = 64, .offset = 4096 };

static void given_as_memory(void) {
    struct message response;
    owner_start();
    const int file = open_lock_file(child_pid(owner));
    const int intruder = raw_greet(child_pid(owner));
    CHECK(!raw_ask(intruder, &offer, file, &response) || response.status == SHS_E_PROTOCOL);
    await_lock(file);
    close(intruder);
    close(file);
    owner_end();
}

static void given_with_another_one(void) {
    static const char bytes[WIRE_SIZE] = "SHS1";
    owner_start();
    const int file = open_lock_file(child_pid(owner));
    const int intruder = raw_greet(child_pid(owner));
    CHECK(raw_send(intruder, bytes, sizeof bytes, file, 2));
    CHECK(raw_is_closed(intruder));
    await_lock(file);
    close(intruder);
    close(file);
    owner_end();
}

static void given_and_left(void) {
    static const char byte[] = "S";
    owner_start();
    const int file = open_lock_file(child_pid(owner));
    const int intruder = raw_greet(child_pid(owner));
    CHECK(raw_send(intruder, byte, 1, file, 1));
    CHECK(raw_is_closed(intruder)); /* for being slow */
    await_lock(file);
    close(intruder);
    close(file);
    owner_end();
}

/* Find the endpoint of a process, and open its lock file, in a role. */
static int find_lock_file(shs_pid pid, struct endpoint_entry *entry) {
    struct runtime_place place;
    char path[PATH_MAX + 20];
    shs__runtime_place_read(&place, false);
    EXPECT_STATUS(SHS_OK, shs__endpoint_find(&place, pid, (uint32_t)geteuid(), entry));
    snprintf(path, sizeof path, "%s/%u.lock", entry->directory.path, (unsigned)pid);
    const int file = open(path, O_RDWR | O_CLOEXEC);
    EXPECT(file >= 0);
    return file;
}

/* Half a message, with the file. Until the other side hangs up. */
static void give_file(const struct endpoint_entry *entry, int file) {
    const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char byte;
    EXPECT(made >= 0 && connect(made, (const struct sockaddr *)&entry->address, sizeof entry->address) == 0);
    EXPECT(raw_send(made, "S", 1, file, 1));
    (void)recv(made, &byte, 1, 0);
    close(made);
}

/* Until it is killed. arguments: the owner's pid. */
static int giver_role(char **arguments) {
    const shs_pid pid = (shs_pid)strtoul(arguments[0], NULL, 10);
    struct endpoint_entry entry;
    EXPECT(parent_send("r", 1));
    for (int file = find_lock_file(pid, &entry); file >= 0; file = find_lock_file(pid, &entry)) {
        give_file(&entry, file);
        close(file);
        shs__endpoint_release(&entry);
    }
    return EXIT_FAILURE;
}

/* Say when the lock is lost, and when it is held again. */
static int watcher_role(char **arguments) {
    const shs_pid pid = (shs_pid)strtoul(arguments[0], NULL, 10);
    struct endpoint_entry entry;
    const int file = find_lock_file(pid, &entry);
    while (record_lock_holder(file) != 0)
        (void)poll(NULL, 0, 1);
    EXPECT(parent_send("l", 1));
    while (record_lock_holder(file) != pid)
        (void)poll(NULL, 0, 1);
    EXPECT(parent_send("h", 1));
    close(file);
    shs__endpoint_release(&entry);
    return EXIT_SUCCESS;
}

static atomic_bool is_held;

static void *hear_that_it_is_held(void *watcher) {
    char word = 0;
    atomic_store(&is_held, child_receive(watcher, &word, 1) && word == 'h');
    return NULL;
}

/* The server need not keep house for that, nor be asked. */
static void closed_late(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    char pid[16], word = 0;
    pthread_t thread;
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    current_context()->server->housekeeping = deadline_in(UINT32_MAX / 2);
    snprintf(pid, sizeof pid, "%u", (unsigned)shs_self());
    struct child *watcher = child_start("watcher", (const char *const[]){ pid, NULL });
    REQUIRE(watcher != NULL);
    const int file = open_lock_file(shs_self());
    shs__discard_foreign(file);
    shs__discard_begin();
    CHECK(child_receive(watcher, &word, 1) && word == 'l');
    REQUIRE(pthread_create(&thread, NULL, hear_that_it_is_held, watcher) == 0);
    while (!atomic_load(&is_held)) {
        CHECK_STATUS(SHS_OK, shs_dispatch());
        parallel_pause();
    }
    pthread_join(thread, NULL);
    CHECK_NUMBER(0, (uint64_t)child_wait(watcher));
    shs_stop();
}

/* Whoever comes meanwhile, as this process does anew each time, finds the process all the same. */
static void given_without_end(void) {
    char pid[16], ready = 0;
    owner_start();
    snprintf(pid, sizeof pid, "%u", (unsigned)child_pid(owner));
    struct child *giver = child_start("giver", (const char *const[]){ pid, NULL });
    REQUIRE(giver != NULL);
    CHECK(child_receive(giver, &ready, 1));
    stop_all();
    for (int i = 0; i < NEWCOMERS; i++) {
        CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
        stop_all();
    }

    child_kill(giver);
    CHECK(child_wait(giver) == CHILD_KILLED);
    owner_end();
}

static const struct test tests[] = {
    { "a process that closed its lock file is reached", reached_at_once },
    { "a process that closed its lock file is not swept", not_swept },
    { "a process that closed its lock file locks it again", locked_again_in_time },
    { "a dead process is not reached", a_dead_one_is_not_reached },
    { "a lock file given as memory", given_as_memory },
    { "a lock file given with another one", given_with_another_one },
    { "a lock file given with half a message", given_and_left },
    { "a lock file that is closed late", closed_late },
    { "a lock file given without end", given_without_end },
};

static const struct role roles[] = { { "giver", giver_role }, { "watcher", watcher_role } };

SUITE_WITH_ROLES("lock_file", tests, roles, LENGTH(roles))
