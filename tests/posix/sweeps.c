/*
 * What the dead left in the runtime directory, and how often it is looked for: by every start where little is there,
 * and now and then where there is much, as a start among thousands shall cost what it costs alone.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "posix/ipc/entry.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/suite.h"

#define FIRST_DEAD 2000000000u /* no system has such pids */
#define FEW 10u
#define MANY 100u
#define VERY_MANY 9000u
#define REST_OF_VERY_MANY 10 /* seconds */
#define SOON 30              /* seconds, that a rest may have left */
#define NEVER 900            /* that none has */

static int folder(void) { return current_context()->endpoint.directory.fd; }

static void leave_dead(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "%u.lock", FIRST_DEAD + i);
        const int fd = openat(folder(), name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        REQUIRE(fd >= 0);
        close(fd);
    }
}

static unsigned count_dead(void) {
    unsigned count = 0;
    DIR *entries = fdopendir(openat(folder(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    REQUIRE(entries != NULL);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;)
        count += strncmp(entry->d_name, "200000", 6) == 0 ? 1 : 0;
    closedir(entries);
    return count;
}

static void somebody_starts(void) { actor_end(actor_start_attached()); }

/* Until when nobody sweeps. */
static time_t rest(void) {
    struct stat about;
    REQUIRE(fstat(folder(), &about) == 0);
    return about.st_atime;
}

/* Until so many seconds from now. */
static void let_it_rest(int seconds) {
    const struct timespec times[2] = { { .tv_sec = time(NULL) + seconds }, { .tv_nsec = UTIME_OMIT } };
    REQUIRE(futimens(folder(), times) == 0);
}

static void few_are_swept_by_every_start(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (int i = 0; i < 3; i++) {
        leave_dead(FEW);
        somebody_starts();
        CHECK_NUMBER(0, count_dead());
        CHECK(rest() <= time(NULL) + 1); /* whose clock may be behind */
    }
}

static void many_are_swept_now_and_then(void) {
    if (!kernel_leaves_times_ahead()) return;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    const time_t before = time(NULL);
    leave_dead(VERY_MANY);
    somebody_starts();
    CHECK_NUMBER(0, count_dead());
    CHECK(rest() >= before + REST_OF_VERY_MANY);
    leave_dead(MANY);
    let_it_rest(SOON);
    somebody_starts();
    CHECK_NUMBER(MANY, count_dead());
    let_it_rest(-1);
    somebody_starts();
    CHECK_NUMBER(0, count_dead());
}

/* A clock that was set back, or somebody's mistake. */
static void no_rest_is_long(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    leave_dead(MANY);
    somebody_starts();
    leave_dead(FEW);
    let_it_rest(NEVER);
    somebody_starts();
    CHECK_NUMBER(0, count_dead());
}

/* Though it was taken for dead: a pid may be used again in between. */
static void whose_lock_is_held_stays(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    struct child *living = actor_start_attached();
    shs__entry_remove_dead(folder(), child_pid(living));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(living)));
    actor_end(living);
}

static void who_waits_among_many_is_found(void) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    leave_dead(MANY);
    somebody_starts();
    let_it_rest(SOON);
    struct child *late = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(late)));
    actor_end(late);
}

static const struct test tests[] = {
    { "few are swept by every start", few_are_swept_by_every_start },
    { "many are swept now and then", many_are_swept_now_and_then },
    { "no rest is long", no_rest_is_long },
    { "whose lock is held stays", whose_lock_is_held_stays },
    { "who waits among many is found", who_waits_among_many_is_found },
};

SUITE("sweeps", tests)
