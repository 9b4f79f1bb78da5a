/*
 * Processes of several users: nobody reaches, squats or stops another user's processes, unless both admit it.
 *
 * Root runs these tests, and its actors become somebody else. They use the directories that the library finds for
 * itself, as processes of two users share no runtime directory.
 */
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"

#define USER 54321u
#define NOBODY 0x7FFFFFF0u /* no process has it */
#define FIXED "/tmp/shshared-54321"

static bool is_root(void) {
    if (geteuid() == 0) return true;
    skip("only root can become another user");
    return false;
}

static struct child *user_start(void) {
    struct child *actor = actor_start();
    const struct actor_request steps[] = { { .command = ACTOR_DIRECTORY },
                                           { .command = ACTOR_BECOME, .number = USER } };
    for (size_t i = 0; i < LENGTH(steps); i++) {
        REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(actor, steps[i]).status);
    }
    return actor;
}

static struct child *user_start_attached(uint32_t admits) {
    struct child *actor = user_start();
    const struct actor_request start = { .command = ACTOR_START, .access = admits };
    REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(actor, start).status);
    return actor;
}

static int remove_any(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

/* What the user's processes leave is empty directories. */
static void forget_user(void) {
    glob_t found;
    if (glob(FIXED "*", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            nftw(found.gl_pathv[i], remove_any, 8, FTW_DEPTH | FTW_PHYS);
        }
    }
    globfree(&found);
}

static void check_denied(struct child *caller, shs_pid pid, shs_handle live) {
    const struct actor_request calls[] = {
        { .command = ACTOR_PROBE, .pid = pid },
        { .command = ACTOR_LIST, .pid = pid },
        { .command = ACTOR_LOCK, .pid = pid, .handle = live },
        { .command = ACTOR_FREE, .pid = pid, .handle = live },
        { .command = ACTOR_ALLOC, .pid = pid, .size = 10, .number = 1 },
        { .command = ACTOR_MAP_HANDLE, .pid = pid, .handle = live, .other = child_pid(caller) },
    };
    for (size_t i = 0; i < LENGTH(calls); i++) {
        CHECK_STATUS(SHS_E_ACCESS, (shs_status)actor_ask(caller, calls[i]).status);
    }
}

static void a_user_does_not_reach_root(void) {
    if (!is_root()) return;
    struct child *user = user_start_attached(false);
    const shs_handle handle = block_new(1, 100, shs_self());
    check_denied(user, shs_self(), handle);
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    actor_end(user);
    forget_user();
}

static void root_does_not_reach_a_user(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    struct child *user = user_start_attached(false);
    struct child *root = actor_start();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(root, (struct actor_request){ .command = ACTOR_DIRECTORY }).status);
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(root, (struct actor_request){ .command = ACTOR_START }).status);
    CHECK_STATUS(SHS_OK, actor_alloc(user, 1, 100, child_pid(user), &handle));
    check_denied(root, child_pid(user), handle);
    actor_end(root);
    actor_end(user);
    forget_user();
}

/* Both must want it: root asks only whom it admits, and is answered only where it is admitted. */
static void both_sides_must_admit(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    for (unsigned which = 0; which < 4; which++) {
        struct child *user = user_start_attached((which & 1) != 0);
        struct child *root = actor_start();
        shs_handle handle = 0;
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(root, (struct actor_request){ .command = ACTOR_DIRECTORY }).status);
        const struct actor_request start = { .command = ACTOR_START, .access = (which & 2) != 0 };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(root, start).status);
        const shs_status expected = which == 3 ? SHS_OK : SHS_E_ACCESS;
        CHECK_STATUS(expected, actor_alloc(root, 1, 100, child_pid(user), &handle));
        if (which == 3) CHECK(actor_sees(user, handle, child_pid(user), 1, 100));
        if (which == 3) CHECK(actor_sees(root, handle, child_pid(user), 1, 100));
        actor_end(root);
        actor_end(user);
    }
    forget_user();
}

static struct shs_admit_request asked;

static int note_request(void *context, const struct shs_admit_request *request) {
    asked = *request;
    return context == &asked;
}

/* Who goes out is told no group; who is come to is told it, or the user would not admit root here. */
static void the_request_says_who_and_which_way(void) {
    if (!is_root() || !system_tells_pids()) return;
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *user = user_start_attached(2);
    options.admit = note_request;
    options.admit_context = &asked;
    sandbox_use("");
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(user)));
    CHECK_NUMBER(child_pid(user), asked.pid);
    CHECK_NUMBER(USER, asked.user);
    CHECK(asked.group == 0 && asked.group_known == 0 && asked.reserved == 0);
    CHECK_NUMBER(SHS_OUTGOING, asked.direction);
    actor_end(user);
    forget_user();
}

static void two_of_one_user_meet(void) {
    struct child *one = user_start_attached(false);
    struct child *other = user_start_attached(false);
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(one, 1, 100, child_pid(other), &handle));
    CHECK(actor_sees(other, handle, child_pid(other), 1, 100));
    CHECK_STATUS(SHS_OK, actor_free(one, handle, child_pid(other)));
    actor_end(other);
    actor_end(one);
}

static void the_library_finds_a_directory(void) {
    if (!is_root()) return;
    struct stat about;
    forget_user();
    two_of_one_user_meet();
    CHECK(lstat(FIXED, &about) == 0);
    CHECK(S_ISDIR(about.st_mode) && (about.st_mode & 0777) == 0700 && about.st_uid == USER);
    forget_user();
}

/* Somebody else has the name already: as a directory open to all, or as a link to one. */
static void a_squatted_name_stops_nobody(void) {
    if (!is_root()) return;
    forget_user();
    CHECK(mkdir(FIXED, 0700) == 0 && chmod(FIXED, 0777) == 0);
    two_of_one_user_meet();
    CHECK(rmdir(FIXED) == 0); /* nothing was put there */
    forget_user();
    char elsewhere[200];
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", sandbox_path());
    CHECK(mkdir(elsewhere, 0700) == 0 && chown(elsewhere, USER, USER) == 0 && symlink(elsewhere, FIXED) == 0);
    two_of_one_user_meet();
    CHECK(unlink(FIXED) == 0 && rmdir(elsewhere) == 0);
    forget_user();
}

/* A program with the set-user-ID bit: its messages carry the real user, its connections the effective one. */
static int half_role(char **arguments) {
    const shs_pid owner = (shs_pid)strtoul(arguments[0], NULL, 10);
    shs_handle handle = 0;
    EXPECT(setreuid(USER, geteuid()) == 0);
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, owner, &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, owner));
    return EXIT_SUCCESS;
}

static void the_effective_user_counts(void) {
    if (!system_tells_saved_users()) return;
    char owner[16];
    if (!is_root()) return;
    snprintf(owner, sizeof owner, "%u", (unsigned)shs_self());
    struct child *child = child_start("half", (const char *const[]){ owner, NULL });
    REQUIRE(child != NULL);
    CHECK_NUMBER(0, (uint64_t)child_wait(child));
}

/* It took root's rights off after it attached: to root it is another user's process now, whatever its socket says. */
static void an_owner_that_became_another_user(void) {
    if (!system_tells_users()) return;
    if (!is_root()) return;
    struct child *owner = actor_start_attached();
    const shs_handle handle = block_new(1, 100, child_pid(owner));
    shs_stop();
    const struct actor_request become = { .command = ACTOR_BECOME, .number = USER };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, become).status);
    struct child *root = actor_start_attached();
    check_denied(root, child_pid(owner), handle);
    actor_end(root);
    actor_kill(owner); /* it may not even remove its names any more */
}

/* ---- a umask that takes from the user ---- */

/* A file in the user's folder that the user may not open. */
static void plant(const char *folder, shs_pid pid) {
    char path[300];
    snprintf(path, sizeof path, "%s/%u.lock", folder, (unsigned)pid);
    const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0);
    EXPECT(fd >= 0 && close(fd) == 0);
}

static bool is_there(const char *folder, shs_pid pid) {
    char path[300];
    struct stat about;
    snprintf(path, sizeof path, "%s/%u.lock", folder, (unsigned)pid);
    return stat(path, &about) == 0;
}

static void start_among_planted(void) {
    glob_t found;
    EXPECT(glob(FIXED "/*", 0, NULL, &found) == 0 && found.gl_pathc == 1);
    plant(found.gl_pathv[0], (shs_pid)getpid());
    plant(found.gl_pathv[0], NOBODY);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(is_there(found.gl_pathv[0], (shs_pid)getpid()) && !is_there(found.gl_pathv[0], NOBODY));
    globfree(&found);
}

/* arguments: the umask. Until its folders are gone it makes them; then it finds what it may not open in them. */
static int veiled_role(char **arguments) {
    char word = 0;
    EXPECT(unsetenv("SHSHARED_RUNTIME_DIR") == 0 && child_become(USER, USER));
    (void)umask((mode_t)strtoul(arguments[0], NULL, 8));
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(parent_send("s", 1) && parent_receive(&word, 1));
    stop_all();
    start_among_planted();
    EXPECT(parent_send("s", 1) && parent_receive(&word, 1));
    stop_all();
    return EXIT_SUCCESS;
}

static void check_veiled(const char *mask) {
    struct child *veiled = child_start("veiled", (const char *const[]){ mask, NULL });
    REQUIRE(veiled != NULL);
    for (int i = 0; i < 2; i++) {
        char word = 0;
        CHECK(child_receive(veiled, &word, 1) && word == 's');
        struct child *other = user_start_attached(false);
        const struct actor_request probe = { .command = ACTOR_PROBE, .pid = child_pid(veiled) };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, probe).status);
        actor_end(other);
        CHECK(child_send(veiled, "g", 1));
    }
    CHECK_NUMBER(0, (uint64_t)child_wait(veiled));
    forget_user();
}

static void whatever_the_umask_says(void) {
    if (!is_root()) return;
    check_veiled("0777");
    check_veiled("0277");
    check_veiled("0");
}

static const struct test tests[] = {
    { "a user does not reach root's processes", a_user_does_not_reach_root },
    { "root does not reach a user's processes", root_does_not_reach_a_user },
    { "both sides must admit", both_sides_must_admit },
    { "the request says who, and which way", the_request_says_who_and_which_way },
    { "an owner that became another user", an_owner_that_became_another_user },
    { "the library finds a directory", the_library_finds_a_directory },
    { "a squatted name stops nobody", a_squatted_name_stops_nobody },
    { "the effective user counts", the_effective_user_counts },
    { "whatever the umask says", whatever_the_umask_says },
};

static const struct role roles[] = { { "half", half_role }, { "veiled", veiled_role } };

SUITE_WITH_ROLES("users", tests, roles, LENGTH(roles))
