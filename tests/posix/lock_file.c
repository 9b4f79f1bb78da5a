/*
 * The lock file of a process, of which the system drops the lock when anything in that process closes it: something
 * that looks through folders and reads every file, or a descriptor that came from elsewhere.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/ipc/endpoint.h"
#include "posix/os/record_lock.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/child.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "target.h"

static int open_lock_file(shs_pid pid) {
    struct stat folder;
    char path[300];
    REQUIRE(stat("/proc/self/ns/pid", &folder) == 0);
    snprintf(path, sizeof path, "%s/%lu/%u.lock", sandbox_path(), (unsigned long)folder.st_ino, (unsigned)pid);
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
    CHECK_STATUS(SHS_E_NO_PROCESS, shs_probe(pid));
}

/* ---- as a descriptor from elsewhere ---- */

static const struct message offer = { .kind = WIRE_ADD_SEGMENT, .count = 1, .stride = 64, .offset = 4096 };

static void given_as_memory(void) {
    struct message response;
    owner_start();
    const int file = open_lock_file(child_pid(owner));
    const int intruder = raw_greet(child_pid(owner));
    CHECK(!raw_ask(intruder, &offer, file, &response) || response.status == SHS_E_PROTOCOL);
    CHECK_NUMBER(child_pid(owner), record_lock_holder(file));
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
    CHECK_NUMBER(child_pid(owner), record_lock_holder(file));
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
    CHECK_NUMBER(child_pid(owner), record_lock_holder(file));
    close(intruder);
    close(file);
    owner_end();
}

static const struct test tests[] = {
    { "a process that closed its lock file is reached", reached_at_once },
    { "a process that closed its lock file is not swept", not_swept },
    { "a dead process is not reached", a_dead_one_is_not_reached },
    { "a lock file given as memory", given_as_memory },
    { "a lock file given with another one", given_with_another_one },
    { "a lock file given with half a message", given_and_left },
};

SUITE("lock_file", tests)
