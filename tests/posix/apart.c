/*
 * What a process of another user is given of a block: the block, and nothing else; and nothing to write through where
 * it may only read. By the kernel: the tests look at the descriptors, not at what the library does with them.
 *
 * This process is root's and has blocks; the lookers are plain users, who admit and are admitted.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commons.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/pattern.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"

#define SIZE 100
#define LARGE 5000

/* ---- the looker ---- */

static size_t page(void) { return (size_t)sysconf(_SC_PAGESIZE); }

/* An object in this process that root made: the data of root's block. -1 where there is none, or more than one. */
static int roots_object(void) {
    struct stat about;
    int found = -1;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) return -1;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const int fd = (int)strtol(entry->d_name, NULL, 10);
        if (entry->d_name[0] == '.' || fd == dirfd(folder)) continue;
        if (fcntl(fd, F_GET_SEALS) < 0 || fstat(fd, &about) != 0 || about.st_uid != 0) continue;
        EXPECT(found < 0);
        found = fd;
    }
    closedir(folder);
    return found;
}

/* The whole object: the block, and nothing behind it. */
static void check_contents(int fd, size_t size) {
    struct stat about;
    EXPECT(fstat(fd, &about) == 0 && (size_t)about.st_size == (size + page() - 1) / page() * page());
    const unsigned char *bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, fd, 0);
    EXPECT(bytes != MAP_FAILED && pattern_matches(bytes, size, 1));
    for (size_t i = size; i < (size_t)about.st_size; i++)
        EXPECT(bytes[i] == 0);
    munmap((void *)(uintptr_t)bytes, (size_t)about.st_size);
}

static bool can_be_written(int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const int again = open(path, O_RDWR | O_CLOEXEC);
    void *mapped = mmap(NULL, page(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) munmap(mapped, page());
    if (again >= 0) close(again);
    return mapped != MAP_FAILED || again >= 0 || write(fd, "", 0) >= 0;
}

static void become_user(void) {
    const char ready = 1;
    EXPECT(child_become(ANN, ANN));
    EXPECT_STATUS(SHS_OK, start_admitting());
    EXPECT(parent_send(&ready, sizeof ready));
}

struct task {
    shs_pid owner;
    shs_handle handle; /* in the owner */
    shs_handle given;  /* here; 0: it is to be mapped */
    uint32_t access;
    uint32_t size;
};

static int looker_role(char **arguments) {
    struct task task;
    commons_use(arguments[0]);
    become_user();
    EXPECT(parent_receive(&task, sizeof task));
    if (task.given == 0)
        EXPECT_STATUS(SHS_OK,
                      shs_map_handle(task.handle, task.owner, shs_self(), (shs_access)task.access, &task.given));
    EXPECT_STATUS(SHS_OK, shs_probe(task.owner)); /* in the thread sanitizer's eyes: behind what the server received */
    const int fd = roots_object();
    EXPECT(fd >= 0);
    check_contents(fd, task.size);
    if (task.access == SHS_READ) EXPECT(!can_be_written(fd));
    EXPECT_STATUS(SHS_OK, shs_free(task.given, shs_self()));
    shs_stop();
    return EXIT_SUCCESS;
}

static shs_status ask(int socket, struct message message) {
    uint8_t bytes[WIRE_SIZE];
    EXPECT(raw_say(socket, &message, -1) && recv(socket, bytes, sizeof bytes, MSG_WAITALL) == WIRE_SIZE);
    EXPECT(shs__wire_decode(bytes, &message));
    return (shs_status)message.status;
}

/* It asks as an honest process does among its user's own. */
static int intruder_role(char **arguments) {
    struct task task;
    commons_use(arguments[0]);
    become_user();
    EXPECT(parent_receive(&task, sizeof task));
    const int intruder = raw_reach(task.owner, 0);
    EXPECT_STATUS(SHS_OK, ask(intruder, (struct message){ .kind = WIRE_HELLO, .pid = shs_self() }));
    EXPECT_STATUS(SHS_E_ACCESS, ask(intruder, (struct message){ .kind = WIRE_LOOKUP, .handle = task.handle }));
    EXPECT_STATUS(SHS_OK, ask(intruder, (struct message){ .kind = WIRE_PROBE }));
    close(intruder);
    shs_stop();
    return EXIT_SUCCESS;
}

/* ---- the owner ---- */

static struct child *looker_start(const char *role) {
    char ready = 0;
    struct child *looker = child_start(role, (const char *const[]){ commons_path(), NULL });
    REQUIRE(looker != NULL && child_receive(looker, &ready, sizeof ready));
    return looker;
}

static bool begin(void) {
    if (!system_seals_memory() || !commons_make(01777, 0)) return false;
    REQUIRE_STATUS(SHS_OK, start_admitting());
    return true;
}

static void end(void) {
    stop_all();
    commons_remove();
}

static void look(struct task task, const char *role) {
    struct child *looker = looker_start(role);
    task.owner = shs_self();
    if (task.given != 0)
        CHECK_STATUS(SHS_OK,
                     shs_map_handle(task.handle, task.owner, child_pid(looker), (shs_access)task.access, &task.given));
    CHECK(child_send(looker, &task, sizeof task));
    CHECK_NUMBER(0, (uint64_t)child_wait(looker));
}

static void check_looks(shs_handle handle, uint32_t size) {
    for (uint32_t access = SHS_READ; access <= SHS_READ_WRITE; access++) {
        look((struct task){ .handle = handle, .access = access, .size = size }, "looker");
        look((struct task){ .handle = handle, .access = access, .size = size, .given = 1 }, "looker");
    }
}

static void nothing_but_the_block(void) {
    if (!begin()) return;
    const shs_handle before = block_new(2, SIZE, shs_self()), handle = block_new(1, SIZE, shs_self());
    const shs_handle after = block_new(3, SIZE, shs_self());
    check_looks(handle, SIZE);
    CHECK_STATUS(SHS_OK, shs_free(before, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(after, shs_self()));
    end();
}

static void nothing_of_what_was_there_before(void) {
    if (!begin()) return;
    CHECK_STATUS(SHS_OK, shs_free(block_new(4, LARGE, shs_self()), shs_self()));
    const shs_handle handle = block_new(1, LARGE - 100, shs_self());
    check_looks(handle, LARGE - 100);
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    end();
}

/* Nor in one that its maker has yet to fill. */
static void nothing_of_it_in_what_is_not_filled(void) {
    shs_handle handle = 0;
    void *view = NULL;
    size_t left = 0;
    if (!begin()) return;
    CHECK_STATUS(SHS_OK, shs_free(block_new(4, LARGE, shs_self()), shs_self()));
    REQUIRE_STATUS(SHS_OK, shs_alloc_locked(LARGE - 100, shs_self(), &handle, &view));
    for (size_t i = 0; i < LARGE - 100; i++)
        left += ((const unsigned char *)view)[i] != 0;
    CHECK_NUMBER(0, left);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    end();
}

static void no_segment_is_shown(void) {
    if (!begin()) return;
    const shs_handle handle = block_new(1, SIZE, shs_self());
    look((struct task){ .handle = handle }, "intruder");
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    end();
}

/* The views of another user's process are of the same memory as everybody's, and end with their unlocks alone. */
static void it_is_the_same_block(void) {
    if (!begin()) return;
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(1, SIZE, self);
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    uint64_t reading = 0, writing = 0, late = 0;
    CHECK_STATUS(SHS_OK, actor_lock(ann, handle, self, SHS_READ, &reading));
    CHECK_STATUS(SHS_OK, actor_lock(ann, handle, self, SHS_READ_WRITE, &writing));
    actor_write(ann, writing, 2, SIZE);
    CHECK(block_holds(handle, self, 2, SIZE));
    CHECK(actor_matches(ann, reading, 2, SIZE));
    CHECK_STATUS(SHS_OK, actor_free(ann, handle, self));
    CHECK_STATUS(SHS_E_HANDLE, actor_lock(ann, handle, self, SHS_READ, &late));
    CHECK(actor_matches(ann, reading, 2, SIZE));
    CHECK_STATUS(SHS_OK, actor_unlock(ann, reading));
    CHECK_STATUS(SHS_OK, actor_unlock(ann, writing));
    CHECK_STATUS(SHS_E_VIEW, actor_unlock(ann, writing));
    actor_end(ann);
    end();
}

static void for_reading_is_for_reading(void) {
    if (!begin()) return;
    const shs_pid self = shs_self();
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    struct child *bob = user_start_attached(BOB, BOB, EVERYBODY);
    const shs_handle handle = block_new(1, SIZE, self);
    shs_handle hers = 0, his = 0;
    uint64_t view = 0;
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, self, child_pid(ann), SHS_READ, &hers));
    CHECK_STATUS(SHS_E_READ_ONLY, actor_lock(ann, hers, child_pid(ann), SHS_READ_WRITE, &view));
    CHECK_STATUS(SHS_E_READ_ONLY, actor_lock(bob, hers, child_pid(ann), SHS_READ_WRITE, &view));
    CHECK_STATUS(SHS_E_READ_ONLY, actor_map_handle(bob, hers, child_pid(ann), child_pid(bob), SHS_READ_WRITE, &his));
    CHECK_STATUS(SHS_OK, actor_map_handle(bob, hers, child_pid(ann), child_pid(bob), SHS_READ, &his));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK(actor_sees(bob, his, child_pid(bob), 1, SIZE));
    CHECK(actor_sees(ann, his, child_pid(bob), 1, SIZE));
    actor_end(bob);
    actor_end(ann);
    end();
}

/* Who may read it lets others of one's own read it, though it is of another user's making. */
static void for_reading_it_goes_on(void) {
    if (!begin()) return;
    const shs_pid self = shs_self();
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    struct child *other = user_start_attached(ANN, ANN, EVERYBODY);
    const shs_handle handle = block_new(1, SIZE, self);
    shs_handle hers = 0, passed = 0;
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, self, child_pid(ann), SHS_READ, &hers));
    CHECK_STATUS(SHS_OK, actor_map_handle(ann, hers, child_pid(ann), child_pid(other), SHS_READ, &passed));
    CHECK(actor_sees(other, passed, child_pid(other), 1, SIZE));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    actor_end(other);
    actor_end(ann);
    end();
}

/* What another user's process brings is for reading, though this process made it and can write it. */
static void for_reading_it_comes_back(void) {
    if (!begin()) return;
    const shs_pid self = shs_self();
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    const shs_handle handle = block_new(1, SIZE, self);
    shs_handle hers = 0, back = 0;
    void *view = NULL;
    CHECK_STATUS(SHS_OK, shs_map_handle(handle, self, child_pid(ann), SHS_READ, &hers));
    CHECK_STATUS(SHS_OK, actor_map_handle(ann, hers, child_pid(ann), self, SHS_READ, &back));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK(block_holds(back, self, 1, SIZE));
    CHECK_STATUS(SHS_E_READ_ONLY, checked_lock(back, self, SHS_READ_WRITE, &view, NULL));
    CHECK_STATUS(SHS_OK, shs_free(back, self));
    actor_end(ann);
    end();
}

/* ann gives it to this process; bob and another of root's look at it there. */
static void third_processes_of_all_users(void) {
    if (!begin()) return;
    const shs_pid self = shs_self();
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    struct child *bob = user_start_attached(BOB, BOB, EVERYBODY);
    struct child *root = user_start_attached(0, 0, EVERYBODY);
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(ann, 1, SIZE, self, &handle));
    CHECK(actor_sees(bob, handle, self, 1, SIZE));
    CHECK(actor_sees(root, handle, self, 1, SIZE));
    CHECK(actor_sees(ann, handle, self, 1, SIZE));
    CHECK_STATUS(SHS_OK, actor_free(bob, handle, self));
    CHECK_STATUS(SHS_E_HANDLE, block_status(handle, self));
    actor_end(root);
    actor_end(bob);
    actor_end(ann);
    end();
}

/* It lies among others. */
static void what_was_made_before_is_not_shown(void) {
    shs_handle mapped = 0;
    uint64_t view = 0;
    if (!system_seals_memory() || !commons_make(01777, 0)) return;
    sandbox_use(commons_path());
    const shs_handle handle = block_new(1, SIZE, shs_self());
    REQUIRE_STATUS(SHS_OK, start_admitting());
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    const shs_pid self = shs_self(), other = child_pid(ann);
    CHECK_STATUS(SHS_E_ACCESS, actor_lock(ann, handle, self, SHS_READ, &view));
    CHECK_STATUS(SHS_E_ACCESS, actor_map_handle(ann, handle, self, other, SHS_READ, &mapped));
    CHECK_STATUS(SHS_E_ACCESS, checked_map_handle(handle, self, other, SHS_READ, &mapped));
    CHECK(block_holds(handle, self, 1, SIZE));
    CHECK_STATUS(SHS_OK, actor_free(ann, handle, self));
    actor_end(ann);
    end();
}

static const struct test tests[] = {
    { "nothing but the block", nothing_but_the_block },
    { "nothing of what was there before", nothing_of_what_was_there_before },
    { "nothing of it in what is not filled", nothing_of_it_in_what_is_not_filled },
    { "no segment is shown", no_segment_is_shown },
    { "it is the same block", it_is_the_same_block },
    { "for reading is for reading", for_reading_is_for_reading },
    { "for reading it goes on", for_reading_it_goes_on },
    { "for reading it comes back", for_reading_it_comes_back },
    { "third processes of all users", third_processes_of_all_users },
    { "what was made before is not shown", what_was_made_before_is_not_shown },
};

static const struct role roles[] = { { "looker", looker_role }, { "intruder", intruder_role } };

SUITE_WITH_ROLES("apart", tests, roles, LENGTH(roles))
