/*
 * Processes in unusual places: in a sandbox, in another root, without /proc, with a full or a read-only folder, with a
 * folder that is opened to others under them. Each works, or is told why not; a start that could not publish never
 * succeeds.
 *
 * Most are roles; such a role exits with CANNOT where this machine does not let it go there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "server/server.h"
#include "state/context.h"
#include "support/actor.h"
#include "support/checked.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"

#define CANNOT 77
#define USER 54323u
#define NOBODY 0x7FFFFF00u /* no process has it, nor the next ones */
#define LEASED 4

/* Go into a root of its own, an empty file system without /proc and all else. */
static bool enter_empty_root(void) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return false;
    return mount("tmpfs", "/mnt", "tmpfs", 0, "mode=755") == 0 && chroot("/mnt") == 0 && chdir("/") == 0;
}

/* Blocks of its own need nobody. */
static void check_own_block(void) {
    shs_handle handle = 0;
    void *view = NULL;
    EXPECT_STATUS(SHS_OK, shs_alloc("abc", 3, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_lock(handle, shs_self(), SHS_READ_WRITE, &view, NULL));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static int bare_root_role(char **arguments) {
    (void)arguments;
    if (unsetenv("SHSHARED_RUNTIME_DIR") != 0 || !enter_empty_root()) return CANNOT;
    EXPECT_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    EXPECT(shs_native_error() == ENOENT);
    check_own_block();
    shs_stop();
    EXPECT(mkdir("/tmp", 0777) == 0);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT_STATUS(SHS_OK, shs_probe(shs_self()));
    check_own_block();
    shs_stop();
    _exit(EXIT_SUCCESS); /* what looks for leaks at the end needs /proc */
}

/* A round of housekeeping, in the application's thread. */
static void keep_house(void) {
    current_context()->server->housekeeping = 0;
    EXPECT_STATUS(SHS_OK, shs_dispatch());
}

static void serve(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
}

static bool is_in_place(void) { return shs__endpoint_is_in_place(&current_context()->endpoint); }

/* Others reach it as before: it does not take itself for lost because its path leads nowhere now. */
static int later_root_role(char **arguments) {
    (void)arguments;
    serve();
    const int lock = current_context()->endpoint.lock;
    if (!enter_empty_root()) return CANNOT;
    keep_house();
    EXPECT(is_in_place() && current_context()->endpoint.lock == lock);
    check_own_block();
    shs_stop();
    _exit(EXIT_SUCCESS); /* what looks for leaks at the end needs /proc */
}

/* A folder that others can look into does not count: it is not published there, until it is closed again. */
static int opened_folder_role(char **arguments) {
    const char *folder = getenv("SHSHARED_RUNTIME_DIR");
    (void)arguments;
    if (folder == NULL) return EXIT_FAILURE;
    serve();
    keep_house();
    EXPECT(is_in_place());
    EXPECT(chmod(folder, 0755) == 0);
    EXPECT(!is_in_place());
    keep_house();
    EXPECT(!is_in_place());
    check_own_block();
    EXPECT(chmod(folder, 0700) == 0);
    keep_house();
    EXPECT(is_in_place());
    return EXIT_SUCCESS;
}

/* No room for a folder, or for a file in it; and a folder that cannot be written to. */
static int full_folder_role(char **arguments) {
    const char *folder = getenv("SHSHARED_RUNTIME_DIR");
    (void)arguments;
    if (folder == NULL) return EXIT_FAILURE;
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return CANNOT;
    for (int inodes = 1; inodes <= 4; inodes++) { /* the root's own is one; a folder, and two files */
        char options[60];
        snprintf(options, sizeof options, "mode=700,nr_inodes=%d", inodes);
        if (mount("tmpfs", folder, "tmpfs", 0, options) != 0) return CANNOT;
        const shs_status status = shs_start(NULL);
        EXPECT_STATUS(inodes < 4 ? SHS_E_NO_MEMORY : SHS_OK, status);
        shs_stop();
        EXPECT(umount(folder) == 0);
    }
    if (mount("tmpfs", folder, "tmpfs", MS_RDONLY, "mode=700") != 0) return CANNOT;
    EXPECT_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    EXPECT(shs_native_error() == EROFS);
    check_own_block();
    return EXIT_SUCCESS;
}

/* ---- namespaces ---- */

static bool write_to(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    const bool written = file != NULL && fputs(text, file) >= 0;
    return file != NULL && fclose(file) == 0 && written;
}

/* In a user namespace that knows nobody all users look alike, so none is this process's. */
static int unknown_user_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    shs_handle handle = 0;
    if (unshare(CLONE_NEWUSER) != 0) return CANNOT;
    EXPECT_STATUS(SHS_E_ACCESS, checked_start(NULL));
    EXPECT_STATUS(SHS_E_ACCESS, checked_alloc("abc", 3, other, &handle));
    check_own_block();
    return EXIT_SUCCESS;
}

/* Nor where there is no /proc to tell. */
static int unknown_without_proc_role(char **arguments) {
    (void)arguments;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || mount("none", "/proc", "tmpfs", 0, NULL) != 0) return CANNOT;
    EXPECT_STATUS(SHS_E_ACCESS, checked_start(NULL));
    _exit(EXIT_SUCCESS); /* what looks for leaks at the end needs /proc */
}

/* One that knows this user: it works, in either direction. */
static int known_user_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    shs_handle handle = 0;
    char map[40], word = 0;
    const unsigned user = (unsigned)geteuid(), group = (unsigned)getegid();
    if (unshare(CLONE_NEWUSER) != 0 || !write_to("/proc/self/setgroups", "deny")) return CANNOT;
    snprintf(map, sizeof map, "0 %u 1", user);
    if (!write_to("/proc/self/uid_map", map)) return CANNOT;
    EXPECT_STATUS(SHS_E_ACCESS, checked_start(NULL)); /* nobody knows its group */
    snprintf(map, sizeof map, "0 %u 1", group);
    if (!write_to("/proc/self/gid_map", map)) return CANNOT;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT_STATUS(SHS_OK, shs_alloc("abc", 3, other, &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, other));
    EXPECT(parent_send("s", 1) && parent_receive(&word, 1));
    return EXIT_SUCCESS;
}

/* What /proc does not show is another user's. */
static int hidden_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return CANNOT;
    if (mount("proc", "/proc", "proc", 0, "hidepid=2") != 0 || !child_become(USER, USER)) return CANNOT;
    EXPECT_STATUS(SHS_E_ACCESS, checked_probe(other));
    EXPECT_STATUS(SHS_E_ACCESS, checked_probe(1));
    EXPECT_STATUS(SHS_E_NO_PROCESS, checked_probe(0x7FFFFFF0));
    _exit(EXIT_SUCCESS); /* what it left in the folder is not its own to remove */
}

/* A folder of its own over the one in which it was published: it is published there, and goes on with whom it knows. */
static int private_folder_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    const char *folder = getenv("SHSHARED_RUNTIME_DIR");
    shs_handle handle = 0;
    if (folder == NULL) return EXIT_FAILURE;
    serve();
    EXPECT_STATUS(SHS_OK, shs_probe(other));
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return CANNOT;
    if (mount("tmpfs", folder, "tmpfs", 0, "mode=700") != 0) return CANNOT;
    EXPECT(!is_in_place());
    keep_house();
    EXPECT(is_in_place());
    EXPECT_STATUS(SHS_OK, shs_alloc("abc", 3, other, &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, other));
    stop_all();
    return umount(folder) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The role has the pid of this process; one that can be reached says so. */
static void check_among_others(const char *role) {
    char pid[16], word = 0;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    snprintf(pid, sizeof pid, "%u", (unsigned)shs_self());
    struct child *child = child_start(role, (const char *const[]){ pid, NULL });
    REQUIRE(child != NULL);
    if (child_receive(child, &word, 1)) {
        CHECK_STATUS(SHS_OK, shs_probe(child_pid(child)));
        CHECK(child_send(child, "g", 1));
    }
    const int code = child_wait(child);
    if (code == CANNOT) skip("this machine does not let a test go there");
    CHECK(code == EXIT_SUCCESS || code == CANNOT);
    shs_stop();
}

static void a_user_namespace_that_knows_nobody(void) {
    if (!system_has_namespaces()) return;
    if (!kernel_tells_unknown_users()) return;
    check_among_others("unknown-user");
    check_among_others("unknown-without-proc");
}

static void a_user_namespace_that_knows_the_user(void) {
    if (system_has_namespaces()) check_among_others("known-user");
}

static void a_proc_that_hides_others(void) { check_among_others("hidden"); }

static void a_folder_of_its_own_after_the_start(void) { check_among_others("private-folder"); }

static void check_role(const char *role) {
    struct child *child = child_start(role, NULL);
    REQUIRE(child != NULL);
    const int code = child_wait(child);
    if (code == CANNOT) skip("this machine does not let a test go there");
    CHECK(code == EXIT_SUCCESS || code == CANNOT);
}

/* Objects with names need a file system that is not there. */
static void a_root_without_anything(void) {
    if (system_seals_memory()) check_role("bare-root");
}

static void another_root_after_the_start(void) {
    if (system_seals_memory()) check_role("later-root");
}

static void a_folder_that_is_opened_to_others(void) { check_role("opened-folder"); }

static void a_folder_without_room(void) { check_role("full-folder"); }

/* ---- leases ---- */

/* On files of processes that there are not. arguments: the folder. */
static int lessee_role(char **arguments) {
    char path[300], word = 0;
    bool leased = signal(SIGIO, SIG_IGN) != SIG_ERR;
    for (unsigned i = 0; i < LEASED && leased; i++) {
        snprintf(path, sizeof path, "%s/%u.lock", arguments[0], NOBODY + i);
        const int file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        leased = file >= 0 && fcntl(file, F_SETLEASE, F_WRLCK) == 0;
    }
    EXPECT(parent_send(&leased, sizeof leased));
    (void)parent_receive(&word, 1);
    return EXIT_SUCCESS;
}

/* Who opens such a file waits until its lessee gives it up, or for the better part of a minute; for all of them this
 * test does not. */
static void files_that_are_leased(void) {
    char path[300];
    struct stat space;
    bool leased = false;
    REQUIRE(stat("/proc/self/ns/pid", &space) == 0);
    struct child *first = actor_start_attached();
    snprintf(path, sizeof path, "%s/%lu", sandbox_path(), (unsigned long)space.st_ino);
    struct child *lessee = child_start("lessee", (const char *const[]){ path, NULL });
    REQUIRE(lessee != NULL);
    CHECK(child_receive(lessee, &leased, sizeof leased));
    if (!leased) skip("this file system has no leases");
    struct child *next = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(next)));
    CHECK(child_send(lessee, "e", 1));
    CHECK_NUMBER(0, (uint64_t)child_wait(lessee));
    struct child *sweeper = actor_start_attached(); /* of what the lessee left */
    actor_end(sweeper);
    actor_end(next);
    actor_end(first);
}

/* ---- a sandbox ---- */

static bool holds_off(const char *thread, int signal) {
    char path[64], line[256];
    uint64_t mask = 0;
    (void)snprintf(path, sizeof path, "/proc/self/task/%.20s/status", thread);
    FILE *const status = fopen(path, "r");
    if (status == NULL) return false;
    while (fgets(line, sizeof line, status) != NULL && sscanf(line, "SigBlk: %" SCNx64, &mask) != 1)
        continue;
    CHECK(fclose(status) == 0);
    return (mask >> (signal - 1) & 1) != 0;
}

/* Threads of this process that hold a signal off. */
static unsigned holding_off(int signal) {
    unsigned count = 0;
    DIR *const threads = opendir("/proc/self/task");
    REQUIRE(threads != NULL);
    for (const struct dirent *entry; (entry = readdir(threads)) != NULL;)
        count += entry->d_name[0] != '.' && holds_off(entry->d_name, signal);
    CHECK(closedir(threads) == 0);
    return count;
}

/* The handler in which a sandbox answers for the kernel is called in the library's thread, whatever held off its maker.
 */
static void a_start_by_who_holds_everything_off(void) {
    sigset_t all, before;
    shs_handle handle = 0;
    if (!kernel_tells_signals()) return;
    const unsigned traps = holding_off(SIGSYS), ends = holding_off(SIGTERM);
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    struct child *other = actor_start_attached();
    CHECK_STATUS(SHS_OK, actor_alloc(other, 1, 100, shs_self(), &handle)); /* the thread is on its way by then */
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    actor_end(other);
    CHECK_NUMBER(ends + 1, holding_off(SIGTERM));
    CHECK_NUMBER(traps, holding_off(SIGSYS));
}

static const struct test tests[] = {
    { "a root without anything", a_root_without_anything },
    { "another root after the start", another_root_after_the_start },
    { "a folder that is opened to others", a_folder_that_is_opened_to_others },
    { "a folder without room", a_folder_without_room },
    { "a user namespace that knows nobody", a_user_namespace_that_knows_nobody },
    { "a user namespace that knows the user", a_user_namespace_that_knows_the_user },
    { "a /proc that hides others", a_proc_that_hides_others },
    { "a folder of its own after the start", a_folder_of_its_own_after_the_start },
    { "files that are leased", files_that_are_leased },
    { "a start by who holds everything off", a_start_by_who_holds_everything_off },
};

static const struct role roles[] = {
    { "bare-root", bare_root_role },
    { "later-root", later_root_role },
    { "opened-folder", opened_folder_role },
    { "full-folder", full_folder_role },
    { "unknown-user", unknown_user_role },
    { "known-user", known_user_role },
    { "unknown-without-proc", unknown_without_proc_role },
    { "hidden", hidden_role },
    { "private-folder", private_folder_role },
    { "lessee", lessee_role },
};

SUITE_WITH_ROLES("corners", tests, roles, LENGTH(roles))
