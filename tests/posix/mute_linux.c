/*
 * Descriptors on files whose file system never answers, as one of a process of the peer's need not: whoever gets one
 * goes on, serves, and stops when it is told to.
 *
 * /dev/zero stands for such a file: the linker leads here what the library calls on a descriptor, and what is called on
 * that one returns no more.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "impostor.h"
#include "raw.h"
#include "support/actor.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/suite.h"
#include "support/system.h"
#include "target.h"

#define MANY 40 /* more than a process lets wait */

int __real_fstat(int fd, struct stat *about);
int __wrap_fstat(int fd, struct stat *about);
int __real_fstatfs(int fd, struct statfs *about);
int __wrap_fstatfs(int fd, struct statfs *about);
int __real_close(int fd);
int __wrap_close(int fd);

static bool is_sender; /* who sends it, and has to close it, is answered */

static void answer_never_if_mute(int fd) {
    struct stat about;
    if (is_sender) return;
    if (__real_fstat(fd, &about) != 0 || !S_ISCHR(about.st_mode) || about.st_rdev != makedev(1, 5)) return;
    for (;;)
        pause();
}

int __wrap_fstat(int fd, struct stat *about) {
    answer_never_if_mute(fd);
    return __real_fstat(fd, about);
}

int __wrap_fstatfs(int fd, struct statfs *about) {
    answer_never_if_mute(fd);
    return __real_fstatfs(fd, about);
}

int __wrap_close(int fd) {
    answer_never_if_mute(fd);
    return __real_close(fd);
}

static int open_mute(void) {
    const int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
    REQUIRE(fd >= 0);
    return fd;
}

static void send_mute(const struct message *request, size_t copies) {
    uint8_t bytes[WIRE_SIZE];
    const int fd = open_mute(), intruder = raw_greet(child_pid(owner));
    shs__wire_encode(request, bytes);
    CHECK(raw_send(intruder, bytes, sizeof bytes, fd, copies));
    CHECK(raw_is_closed(intruder));
    (void)__real_close(fd);
    close(intruder);
}

/* Not as other owners end: what waits for an answer is left behind. */
static void end_owner(void) {
    owner_still_serves();
    const struct actor_request stop = { .command = ACTOR_STOP };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, stop).status);
    child_kill(owner);
    CHECK(child_wait(owner) == CHILD_KILLED);
}

static void an_owner_that_gets_one(void) {
    static const enum wire_kind kinds[] = { WIRE_ADD_SEGMENT, WIRE_IMPORT, WIRE_PROBE, WIRE_RELEASE_SEGMENT };
    if (!system_seals_memory()) return;
    owner_start();
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        const struct message request = { .kind = kinds[i], .count = 8, .stride = 64, .offset = 4096, .size = 64 };
        send_mute(&request, 1);
        owner_still_serves();
    }
    end_owner();
}

static void an_owner_that_gets_two_at_once(void) {
    const struct message probe = { .kind = WIRE_PROBE };
    if (!system_seals_memory()) return;
    owner_start();
    send_mute(&probe, 2);
    end_owner();
}

static void say_it_with_one(void) {
    const struct message add = { .kind = WIRE_ADD_SEGMENT };
    const int fd = open_mute(), intruder = raw_greet(child_pid(owner));
    CHECK(raw_say(intruder, &add, fd));
    (void)__real_close(fd);
    close(intruder);
}

static void an_owner_that_gets_more_than_it_lets_wait(void) {
    if (!system_seals_memory()) return;
    owner_start();
    for (int i = 0; i < MANY; i++)
        say_it_with_one();
    end_owner();
}

static size_t way_of(const char *name) {
    size_t way = 0;
    while (strcmp(impostor_ways[way].name, name) != 0)
        way++;
    return way;
}

static int sender_role(char **arguments) {
    is_sender = true;
    return impostor_role(arguments);
}

static int caller_role(char **arguments) {
    const shs_pid pid = (shs_pid)strtoul(arguments[0], NULL, 10);
    void *view = NULL;
    size_t count = 0;
    shs_handle mapped = 0;
    EXPECT_STATUS(SHS_E_PROTOCOL, checked_lock(HANDLE, pid, SHS_READ, &view, NULL));
    EXPECT_STATUS(SHS_E_PROTOCOL, checked_list(pid, NULL, 0, &count));
    EXPECT_STATUS(SHS_E_PROTOCOL, checked_map_handle(HANDLE, pid, shs_self(), SHS_READ, &mapped));
    shs_stop();
    return EXIT_SUCCESS;
}

static void a_caller_that_gets_one(void) {
    char number[16];
    char ready = 0;
    snprintf(number, sizeof number, "%zu", way_of("a device"));
    if (!system_seals_memory()) return;
    struct child *sender = child_start("sender", (const char *const[]){ number, NULL });
    REQUIRE(sender != NULL);
    CHECK(child_receive(sender, &ready, sizeof ready));
    snprintf(number, sizeof number, "%u", (unsigned)child_pid(sender));
    struct child *caller = child_start("caller", (const char *const[]){ number, NULL });
    REQUIRE(caller != NULL);
    CHECK(child_wait(caller) == EXIT_SUCCESS);
    child_kill(sender);
    CHECK(child_wait(sender) == CHILD_KILLED);
}

static const struct test tests[] = {
    { "an owner that gets one", an_owner_that_gets_one },
    { "an owner that gets two at once", an_owner_that_gets_two_at_once },
    { "an owner that gets more than it lets wait", an_owner_that_gets_more_than_it_lets_wait },
    { "a caller that gets one", a_caller_that_gets_one },
};

static const struct role roles[] = { { "sender", sender_role }, { "caller", caller_role } };

SUITE_WITH_ROLES("mute", tests, roles, LENGTH(roles))
