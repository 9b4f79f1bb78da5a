/*
 * The ways that are taken where a kernel or a container lacks something, forced: no memfd, a small /dev/shm, none, and
 * a death between shm_open and shm_unlink.
 *
 * Each scenario runs in a role; it exits with CANNOT where this machine does not let it deny things.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "deny_linux.h"
#include "kernel.h"
#include "support/actor.h"
#include "support/expect.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define CANNOT 77
#define NOBODY 0x7FFFFF00u /* no process has this pid */
#define OTHER_USER 54321u
#define PATH_SIZE 64
#define VARIABLE "SHSHARED_OBJECT"

/* A block of pid holds what it was given. */
static shs_status try_block(size_t size, shs_pid pid) {
    shs_handle handle = 0;
    void *view = NULL;
    void *data = pattern_new(size, 3);
    const shs_status status = shs_alloc(data, size, pid, &handle);
    free(data);
    if (status != SHS_OK) return status;
    EXPECT_STATUS(SHS_OK, shs_lock(handle, pid, SHS_READ, &view, NULL));
    EXPECT(pattern_matches(view, size, 3));
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_OK, shs_free(handle, pid));
    return SHS_OK;
}

static void try_sizes(shs_pid pid) {
    EXPECT_STATUS(SHS_OK, try_block(0, pid));
    EXPECT_STATUS(SHS_OK, try_block(100, pid));
    EXPECT_STATUS(SHS_OK, try_block(300 * KIB, pid));
}

static shs_pid pid_of(char **arguments) { return (shs_pid)strtoul(arguments[0], NULL, 10); }

static bool deny_memfd(char **arguments) {
    static const int errors[] = { ENOSYS, EPERM };
    const char *error = arguments[1];
    unsetenv(VARIABLE);
    return deny_with_error(SYS_memfd_create, errors[error[0] - '0']);
}

/* Nobody takes what it can cut. */
static int no_memfd_role(char **arguments) {
    if (!deny_memfd(arguments)) return CANNOT;
    try_sizes(shs_self());
    EXPECT_STATUS(SHS_E_UNSUPPORTED, try_block(100, pid_of(arguments)));
    EXPECT_STATUS(SHS_E_UNSUPPORTED, try_block(300 * KIB, pid_of(arguments)));
    return EXIT_SUCCESS;
}

/* But whoever has said so. */
static int no_memfd_needed_role(char **arguments) {
    if (!deny_memfd(arguments)) return CANNOT;
    try_sizes(shs_self());
    try_sizes(pid_of(arguments));
    return EXIT_SUCCESS;
}

static int no_reserving_role(char **arguments) {
    static const int errors[] = { ENOSYS, EPERM, EOPNOTSUPP };
    const char *error = arguments[1];
    if (!deny_with_error(SYS_fallocate, errors[error[0] - '0'])) return CANNOT;
    try_sizes(shs_self());
    try_sizes(pid_of(arguments));
    return EXIT_SUCCESS;
}

static int forced_memfd_role(char **arguments) {
    setenv(VARIABLE, "memfd", 1);
    if (!deny_with_error(SYS_memfd_create, ENOSYS)) return CANNOT;
    EXPECT(try_block(100, shs_self()) != SHS_OK);
    EXPECT(try_block(300 * KIB, pid_of(arguments)) != SHS_OK);
    return EXIT_SUCCESS;
}

/* A /dev/shm of this process alone. */
static bool mount_shm(const char *options) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return false;
    return mount("tmpfs", "/dev/shm", "tmpfs", 0, options) == 0;
}

static int small_shm_role(char **arguments) {
    static shs_handle handles[100];
    size_t count = 0;
    shs_status status = SHS_OK;
    setenv(VARIABLE, "shm_open", 1);
    if (!mount_shm("size=4m")) return CANNOT;
    EXPECT_STATUS(SHS_E_NO_MEMORY, try_block(8 * MIB, shs_self()));
    EXPECT_STATUS(SHS_E_NO_MEMORY, try_block(8 * MIB, pid_of(arguments)));
    while (count < LENGTH(handles) && status == SHS_OK) {
        status = shs_alloc(NULL, 500 * KIB, shs_self(), &handles[count]);
        if (status == SHS_OK) count++;
    }
    EXPECT_STATUS(SHS_E_NO_MEMORY, status);
    EXPECT(count >= 5);
    while (count > 0) {
        EXPECT_STATUS(SHS_OK, shs_free(handles[--count], shs_self()));
    }
    try_sizes(shs_self());
    return EXIT_SUCCESS;
}

static int no_shm_role(char **arguments) {
    setenv(VARIABLE, "shm_open", 1);
    if (!mount_shm("ro")) return CANNOT;
    EXPECT(try_block(100, shs_self()) != SHS_OK);
    EXPECT(try_block(300 * KIB, pid_of(arguments)) != SHS_OK);
    return EXIT_SUCCESS;
}

static int memfd_alone_role(char **arguments) {
    setenv(VARIABLE, "memfd", 1);
    if (!mount_shm("ro")) return CANNOT;
    try_sizes(pid_of(arguments));
    return EXIT_SUCCESS;
}

static int die_before_unlink_role(char **arguments) {
    setenv(VARIABLE, "shm_open", 1);
    EXPECT_STATUS(SHS_OK, shs_probe(pid_of(arguments)));
    if (!deny_with_death(SYS_unlink) || !deny_with_death(SYS_unlinkat)) return CANNOT;
    try_block(2 * MIB, shs_self());
    return EXIT_SUCCESS;
}

static size_t names_of(shs_pid pid) {
    char prefix[32];
    size_t count = 0;
    snprintf(prefix, sizeof prefix, "shs.%u.", (unsigned)pid);
    DIR *directory = opendir("/dev/shm");
    if (directory == NULL) return 0;
    for (const struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    }
    closedir(directory);
    return count;
}

/* As a death there leaves it. */
static void leave_name(char path[PATH_SIZE], shs_pid pid, uid_t user) {
    snprintf(path, PATH_SIZE, "/dev/shm/shs.%u.%u", (unsigned)pid, (unsigned)user);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    EXPECT(fd >= 0 && fchown(fd, user, (gid_t)-1) == 0 && close(fd) == 0);
}

/* Who attaches removes what is nobody's any more, and nothing else. */
static int sweeper_role(char **arguments) {
    char dead[PATH_SIZE], living[PATH_SIZE], theirs[PATH_SIZE];
    if (!mount_shm("size=4m")) return CANNOT;
    leave_name(dead, NOBODY, geteuid());
    leave_name(living, pid_of(arguments), geteuid());
    leave_name(theirs, NOBODY, OTHER_USER);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(access(dead, F_OK) != 0);
    EXPECT(access(living, F_OK) == 0 && access(theirs, F_OK) == 0);
    return EXIT_SUCCESS;
}

/* The exit code of a role that is told an actor's pid, and a word. */
static int run(const char *role, const char *word, shs_pid *role_pid) {
    char pid[16];
    struct child *other = actor_start_attached();
    snprintf(pid, sizeof pid, "%u", (unsigned)child_pid(other));
    struct child *child = child_start(role, (const char *const[]){ pid, word, NULL });
    REQUIRE(child != NULL);
    if (role_pid != NULL) *role_pid = child_pid(child);
    const int code = child_wait(child);
    actor_end(other);
    if (code == CANNOT) skip("this machine does not let a test deny things");
    return code;
}

static void check_role(const char *role, const char *word) {
    const int code = run(role, word, NULL);
    CHECK(code == EXIT_SUCCESS || code == CANNOT);
}

/* With a process that has this in its environment. */
static void check_role_beside(const char *value, const char *role, const char *word) {
    const char *before = getenv(VARIABLE);
    char *kept = before == NULL ? NULL : strdup(before);
    if (value == NULL)
        unsetenv(VARIABLE);
    else
        setenv(VARIABLE, value, 1);
    check_role(role, word);
    if (kept != NULL) setenv(VARIABLE, kept, 1);
    if (kept == NULL) unsetenv(VARIABLE);
    free(kept);
}

static void no_memfd(void) {
    check_role_beside("shm_open", "no-memfd-needed", "0");
    check_role_beside("shm_open", "no-memfd-needed", "1");
    if (!system_seals_memory()) return;
    check_role_beside(NULL, "no-memfd", "0");
    check_role_beside(NULL, "no-memfd", "1");
}

static void no_reserving(void) {
    check_role("no-reserving", "0");
    check_role("no-reserving", "1");
    check_role("no-reserving", "2");
}

static void forced_memfd(void) { check_role("forced-memfd", ""); }

static void small_shm(void) {
    if (system_reserves_memory()) check_role("small-shm", "");
}

static void no_shm(void) { check_role("no-shm", ""); }

static void memfd_alone(void) {
    if (system_seals_memory()) check_role("memfd-alone", "");
}

static void death_before_unlink(void) {
    shs_pid dead = 0;
    if (!kernel_denies_with_death()) return;
    const int code = run("die-before-unlink", "", &dead);
    if (code == CANNOT) return;
    CHECK(code == CHILD_KILLED); /* in the call that was to remove the name */
    struct child *next = actor_start_attached();
    CHECK_NUMBER(0, names_of(dead));
    actor_end(next);
}

static void names_of_others_stay(void) { check_role("sweeper", ""); }

static const struct test tests[] = {
    { "the kernel has no memfd", no_memfd },
    { "the kernel does not reserve", no_reserving },
    { "a memfd is demanded and there is none", forced_memfd },
    { "a small /dev/shm", small_shm },
    { "no /dev/shm", no_shm },
    { "no /dev/shm, but memfds", memfd_alone },
    { "a death between shm_open and shm_unlink", death_before_unlink },
    { "names of others stay", names_of_others_stay },
};

static const struct role roles[] = {
    { "no-memfd", no_memfd_role },
    { "no-reserving", no_reserving_role },
    { "no-memfd-needed", no_memfd_needed_role },
    { "forced-memfd", forced_memfd_role },
    { "small-shm", small_shm_role },
    { "no-shm", no_shm_role },
    { "memfd-alone", memfd_alone_role },
    { "die-before-unlink", die_before_unlink_role },
    { "sweeper", sweeper_role },
};

SUITE_WITH_ROLES("fallbacks", tests, roles, LENGTH(roles))
