/*
 * Who lives: a process whose first thread has ended, and processes that /proc tells nothing of, as there is none, or
 * that of another pid namespace.
 *
 * The last two are roles; such a role exits with CANNOT where this machine does not let it go there.
 */
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix/os/liveness.h"
#include "posix/os/process_info.h"
#include "support/actor.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/suite.h"
#include "support/system.h"

#define CANNOT 77
#define PATIENCE 60000u

/* ---- the word ---- */

/* As the kernel leaves it, with the number of the thread that had it, or without. */
static void a_word_tells(void) {
    static const struct {
        uint32_t word;
        bool is_held, has_ended;
    } words[] = { { 0, false, false },
                  { 1234, true, false },
                  { FUTEX_OWNER_DIED, false, true },
                  { FUTEX_OWNER_DIED | 1234, false, true },
                  { FUTEX_WAITERS | 1234, true, false },
                  { FUTEX_WAITERS, false, false } };
    if (!system_marks_words()) return;
    for (size_t i = 0; i < LENGTH(words); i++) {
        const _Atomic uint32_t word = words[i].word;
        CHECK(shs__liveness_is_held(&word) == words[i].is_held);
        CHECK(shs__liveness_has_ended(&word) == words[i].has_ended);
    }
}

static _Atomic uint32_t held_word;

static void *hold_and_drop(void *drops) {
    shs__liveness_hold(&held_word);
    CHECK(shs__liveness_is_held(&held_word));
    if (drops != NULL) shs__liveness_drop(&held_word);
    return NULL;
}

static void run_thread(void *drops) {
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, hold_and_drop, drops) == 0 && pthread_join(thread, NULL) == 0);
}

/* Who serves no longer is not taken for alive, nor for dead. A thread is gone when the kernel has marked its word. */
static void a_word_that_was_dropped(void) {
    if (!system_marks_words()) return;
    run_thread(&held_word);
    CHECK(!shs__liveness_is_held(&held_word) && !shs__liveness_has_ended(&held_word));
    run_thread(NULL);
    CHECK(!shs__liveness_is_held(&held_word) && shs__liveness_has_ended(&held_word));
}

/* ---- a first thread that ends ---- */

static char state_of(shs_pid pid) {
    char path[40], line[200], state = '?';
    snprintf(path, sizeof path, "/proc/%u/stat", (unsigned)pid);
    FILE *file = fopen(path, "re");
    if (file != NULL && fgets(line, sizeof line, file) != NULL && strrchr(line, ')') != NULL)
        (void)sscanf(strrchr(line, ')'), ") %c", &state);
    if (file != NULL) fclose(file);
    return state;
}

static void *outlive(void *argument) {
    char word = 0;
    (void)argument;
    while (state_of((shs_pid)getpid()) != 'Z')
        (void)poll(NULL, 0, 1);
    EXPECT(parent_send("z", 1));
    EXPECT(parent_receive(&word, 1));
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(parent_send("s", 1));
    EXPECT(parent_receive(&word, 1));
    stop_all();
    _exit(EXIT_SUCCESS);
}

static int leader_role(char **arguments) {
    pthread_t thread;
    EXPECT(prctl(PR_SET_NAME, arguments[0]) == 0);
    EXPECT(pthread_create(&thread, NULL, outlive, NULL) == 0);
    pthread_exit(NULL);
}

static void hear(struct child *child, char expected) {
    char word = 0;
    CHECK(child_receive(child, &word, 1) && word == expected);
}

static void check_leader(const char *name) {
    struct child *child = child_start("leader", (const char *const[]){ name, NULL });
    REQUIRE(child != NULL);
    hear(child, 'z');
    CHECK_STATUS(SHS_E_NOT_ATTACHED, checked_probe(child_pid(child)));
    CHECK(child_send(child, "g", 1));
    CHECK_STATUS(SHS_OK, shs_wait(child_pid(child), PATIENCE));
    hear(child, 's');
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(child)));
    CHECK(child_send(child, "e", 1));
    child_watch_end(child);
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_probe(child_pid(child)));
    CHECK_NUMBER(0, (uint64_t)child_wait(child));
}

static void without_its_first_thread(void) { check_leader("leader"); }

/* A process may call itself as /proc writes the end of a name. */
#define BRACKETS "x) R 1 (y) S"

static void with_a_bracket_in_its_name(void) { check_leader(BRACKETS); }

static void the_age_of_one_with_a_bracket(void) {
    if (!system_tells_ages()) return;
    struct child *child = child_start("leader", (const char *const[]){ BRACKETS, NULL });
    REQUIRE(child != NULL);
    hear(child, 'z');
    CHECK(shs__process_info_is_younger(child_pid(child), PATIENCE));
    child_kill(child);
    CHECK(child_wait(child) == CHILD_KILLED);
}

/* ---- the gone ---- */

static pid_t start_idle(void) {
    const pid_t pid = fork();
    if (pid == 0) {
        for (;;)
            pause();
    }
    EXPECT(pid > 0);
    return pid;
}

/* Looks at it before and after its end, with nothing between that overwrites what was seen. */
static bool lives_when_gone(pid_t pid) {
    const bool lived = shs__process_info_get((uint32_t)pid).lives;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return shs__process_info_get((uint32_t)pid).lives || !lived;
}

/* What was told of one while it lived is not told again. */
static void who_lived_just_now(void) { CHECK(!lives_when_gone(start_idle())); }

/* ---- a /proc that does not tell ---- */

/* One that lives, one that has ended and was not waited for, and one that is gone. */
static void look_at_children(void) {
    const pid_t idle = start_idle();
    siginfo_t ended;
    EXPECT(shs__process_info_get((uint32_t)idle).lives);
    EXPECT_STATUS(SHS_E_TIMEOUT, checked_wait((shs_pid)idle, 0));
    EXPECT(kill(idle, SIGKILL) == 0);
    EXPECT(waitid(P_PID, (id_t)idle, &ended, WEXITED | WNOWAIT) == 0);
    EXPECT(!shs__process_info_get((uint32_t)idle).lives);
    EXPECT_STATUS(SHS_E_NO_PROCESS, checked_wait((shs_pid)idle, PATIENCE));
    EXPECT(waitpid(idle, NULL, 0) == idle);
    EXPECT_STATUS(SHS_E_NO_PROCESS, checked_wait((shs_pid)idle, PATIENCE));
}

static int without_proc_role(char **arguments) {
    (void)arguments;
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return CANNOT;
    if (mount("none", "/proc", "tmpfs", 0, NULL) != 0) return CANNOT;
    look_at_children();
    stop_all();
    _exit(EXIT_SUCCESS); /* what looks for leaks at the end needs /proc */
}

static int others_proc_role(char **arguments) {
    int status = -1;
    (void)arguments;
    if (unshare(CLONE_NEWPID) != 0) return CANNOT;
    const pid_t first = fork();
    if (first == 0) {
        look_at_children();
        stop_all();
        _exit(EXIT_SUCCESS);
    }
    EXPECT(first > 0 && waitpid(first, &status, 0) == first);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE); /* no thread can be made here any more */
}

static void check_place(const char *role) {
    struct child *child = child_start(role, NULL);
    REQUIRE(child != NULL);
    const int code = child_wait(child);
    if (code == CANNOT)
        skip("this process may not have a namespace of its own");
    else
        CHECK_NUMBER(0, (uint64_t)code);
}

static void where_there_is_no_proc(void) { check_place("without-proc"); }

static void where_proc_is_anothers(void) { check_place("others-proc"); }

static const struct test tests[] = {
    { "a word tells", a_word_tells },
    { "a word that was dropped", a_word_that_was_dropped },
    { "a process without its first thread", without_its_first_thread },
    { "a process with a bracket in its name", with_a_bracket_in_its_name },
    { "the age of one with a bracket in its name", the_age_of_one_with_a_bracket },
    { "one that lived just now", who_lived_just_now },
    { "where there is no /proc", where_there_is_no_proc },
    { "where /proc is another namespace's", where_proc_is_anothers },
};

static const struct role roles[] = {
    { "leader", leader_role },
    { "without-proc", without_proc_role },
    { "others-proc", others_proc_role },
};

SUITE_WITH_ROLES("lives", tests, roles, LENGTH(roles))
