/*
 * A shared folder: where processes of two plain users, neither of them root, find each other when they admit it.
 *
 * Root runs these tests, makes the folder as an administrator does, and its actors become the users.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commons.h"
#include "support/actor.h"
#include "support/checked.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"

/* NULL: of this process. */
static shs_status probe(struct child *actor, const struct child *other) {
    const struct actor_request ask = { .command = ACTOR_PROBE, .pid = other == NULL ? shs_self() : child_pid(other) };
    return (shs_status)actor_ask(actor, ask).status;
}

/* All that processes do with each other, in one direction. */
static void give_and_take(struct child *giver, struct child *owner) {
    shs_handle given = 0;
    uint64_t view = 0;
    CHECK_STATUS(SHS_OK, probe(giver, owner));
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 1, 100, child_pid(owner), &given));
    CHECK(actor_sees(owner, given, child_pid(owner), 1, 100));
    CHECK_STATUS(SHS_OK, actor_lock(giver, given, child_pid(owner), SHS_READ_WRITE, &view));
    actor_write(giver, view, 2, 100);
    CHECK(actor_sees(owner, given, child_pid(owner), 2, 100));
    CHECK_STATUS(SHS_OK, actor_unlock(giver, view));
    CHECK_STATUS(SHS_OK, actor_free(giver, given, child_pid(owner)));
    CHECK_STATUS(SHS_E_HANDLE, actor_free(owner, given, child_pid(owner)));
}

static void meet(mode_t mode, uint32_t group) {
    if (!commons_make(mode, 0)) return;
    struct child *ann = user_start_attached(ANN, group, EVERYBODY);
    struct child *bob = user_start_attached(BOB, group, EVERYBODY);
    give_and_take(ann, bob);
    give_and_take(bob, ann);
    actor_end(bob);
    actor_end(ann);
    commons_remove();
}

static void two_users_meet(void) {
    if (system_tells_users()) meet(01777, ANN);
}

static void two_of_a_group_meet(void) {
    if (system_tells_users()) meet(01770, TEAM);
}

static void who_is_not_of_the_group_does_not(void) {
    if (!commons_make(01770, 0)) return;
    struct child *ann = user_start_attached(ANN, TEAM, EVERYBODY);
    struct child *eve = user_start(EVE, EVE);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, user_attach(eve, EVERYBODY));
    CHECK_STATUS(SHS_E_ACCESS, probe(eve, ann));
    actor_end(eve);
    actor_end(ann);
    commons_remove();
}

static void both_must_admit(void) {
    if (!system_tells_users()) return;
    if (!commons_make(01777, 0)) return;
    for (uint32_t which = 0; which < 4; which++) {
        struct child *ann = user_start_attached(ANN, ANN, (which & 1) != 0 ? EVERYBODY : ROOT_ALONE);
        struct child *bob = user_start_attached(BOB, BOB, (which & 2) != 0 ? EVERYBODY : ROOT_ALONE);
        const shs_status expected = which == 3 ? SHS_OK : SHS_E_ACCESS;
        CHECK_STATUS(expected, probe(ann, bob));
        CHECK_STATUS(expected, probe(bob, ann));
        actor_end(bob);
        actor_end(ann);
    }
    commons_remove();
}

static void two_of_one_user_meet(void) {
    if (!commons_make(01777, 0)) return;
    struct child *one = user_start_attached(ANN, ANN, ROOT_ALONE);
    struct child *other = user_start_attached(ANN, ANN, ROOT_ALONE);
    give_and_take(one, other);
    actor_end(other);
    actor_end(one);
    commons_remove();
}

/* ---- denials ---- */

static _Atomic bool admits;

static int admit_as_said(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return admits;
}

static int refuse(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 0;
}

static shs_status start_with(shs_admit admit) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.admit = admit;
    return shs_start(&options);
}

/* This process and one of ann's have blocks in each other, and connections in both directions. */
static struct child *ann_begins(shs_handle *hers, shs_handle *mine) {
    admits = true;
    sandbox_use(commons_path());
    REQUIRE_STATUS(SHS_OK, start_with(admit_as_said));
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    CHECK_STATUS(SHS_OK, actor_alloc(ann, 1, 100, shs_self(), mine));
    CHECK_STATUS(SHS_OK, shs_alloc("hers", 4, child_pid(ann), hers));
    return ann;
}

static void check_denied(struct child *ann, shs_handle hers, shs_handle mine) {
    const shs_pid other = child_pid(ann);
    shs_handle handle = 0;
    uint64_t view = 0;
    size_t count = 0;
    void *place = NULL;
    CHECK_STATUS(SHS_E_ACCESS, checked_probe(other));
    CHECK_STATUS(SHS_E_ACCESS, checked_wait(other, 0));
    CHECK_STATUS(SHS_E_ACCESS, checked_list(other, NULL, 0, &count));
    CHECK_STATUS(SHS_E_ACCESS, checked_alloc_locked(5, other, &handle, &place));
    CHECK_STATUS(SHS_E_ACCESS, checked_map_handle(hers, other, shs_self(), SHS_READ, &handle));
    CHECK_STATUS(SHS_E_ACCESS, checked_alloc("again", 5, other, &handle));
    CHECK_STATUS(SHS_E_ACCESS, checked_free(hers, other));
    CHECK_STATUS(SHS_E_ACCESS, probe(ann, NULL));
    CHECK_STATUS(SHS_E_ACCESS, actor_alloc(ann, 1, 100, shs_self(), &handle));
    CHECK_STATUS(SHS_E_ACCESS, actor_lock(ann, mine, shs_self(), SHS_READ, &view));
    CHECK_STATUS(SHS_E_ACCESS, actor_free(ann, mine, shs_self()));
    CHECK_STATUS(SHS_OK, actor_free(ann, hers, other));
    CHECK_STATUS(SHS_OK, shs_free(mine, shs_self()));
}

static void end_denied(struct child *ann) {
    actor_end(ann);
    stop_all();
    commons_remove();
}

/* Another callback, and from then on nothing of what there was: not even memory that is kept for the next block. */
static void a_denial_by_an_option_ends_connections(void) {
    if (!system_tells_users()) return;
    shs_handle hers = 0, mine = 0, kept = 0;
    if (!commons_make(01777, 0)) return;
    struct child *ann = ann_begins(&hers, &mine);
    CHECK_STATUS(SHS_OK, shs_alloc("kept", 4, child_pid(ann), &kept));
    CHECK_STATUS(SHS_OK, shs_free(kept, child_pid(ann)));
    CHECK_STATUS(SHS_OK, start_with(refuse));
    CHECK_STATUS(SHS_E_ACCESS, checked_alloc("kept", 4, child_pid(ann), &kept));
    check_denied(ann, hers, mine);
    end_denied(ann);
}

static void the_size_is_told(void) {
    if (!system_tells_users()) return;
    shs_handle hers = 0, mine = 0;
    void *view = NULL;
    size_t size = 0;
    if (!commons_make(01777, 0)) return;
    struct child *ann = ann_begins(&hers, &mine);
    CHECK_STATUS(SHS_OK, actor_alloc(ann, 1, 100, child_pid(ann), &hers));
    const shs_status status = shs_lock(hers, child_pid(ann), SHS_READ, &view, &size);
    if (status == SHS_E_UNSUPPORTED) {
        skip("what cannot be sealed goes to no third process of another user");
    } else {
        CHECK_STATUS(SHS_OK, status);
        CHECK_NUMBER(100, size);
        CHECK_STATUS(SHS_OK, shs_unlock(view));
    }
    end_denied(ann);
}

/* The callback itself changes its mind: that counts for the next request. */
static void a_denial_by_the_callback_ends_connections(void) {
    if (!system_tells_users()) return;
    shs_handle hers = 0, mine = 0;
    if (!commons_make(01777, 0)) return;
    struct child *ann = ann_begins(&hers, &mine);
    CHECK_STATUS(SHS_OK, probe(ann, NULL));
    admits = false;
    check_denied(ann, hers, mine);
    admits = true;
    CHECK_STATUS(SHS_OK, probe(ann, NULL));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(ann)));
    end_denied(ann);
}

/* Without one, a process says that the other's folder is closed, and not that there is no process. */
static void a_closed_folder_is_named(void) {
    if (!commons_make(01777, 0)) return;
    struct child *users[2];
    for (size_t i = 0; i < LENGTH(users); i++) {
        users[i] = user_start(i == 0 ? ANN : BOB, ANN);
        const struct actor_request nowhere = { .command = ACTOR_DIRECTORY };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(users[i], nowhere).status);
        CHECK_STATUS(SHS_OK, user_attach(users[i], EVERYBODY));
    }
    CHECK_STATUS(SHS_E_ACCESS, probe(users[0], users[1]));
    CHECK_STATUS(SHS_E_ACCESS, probe(users[1], users[0]));
    actor_end(users[1]);
    actor_end(users[0]);
    /* NOLINTNEXTLINE(cert-env33-c): these folders and no others */
    CHECK(system("rm -rf /tmp/shshared-54331* /tmp/shshared-54332*") == 0);
    commons_remove();
}

/* Somebody makes the directories of others before they do, as theirs or open to all. */
static void a_squatted_directory_stops_nobody(void) {
    if (!system_tells_users()) return;
    char name[64];
    if (!commons_make(01777, 0)) return;
    for (uint32_t user = ANN; user <= BOB; user++) {
        snprintf(name, sizeof name, "%s/%u", commons_path(), (unsigned)user);
        CHECK(mkdir(name, 0755) == 0 && chown(name, user == ANN ? EVE : BOB, EVE) == 0 && chmod(name, 0777) == 0);
    }
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    struct child *bob = user_start_attached(BOB, BOB, EVERYBODY);
    give_and_take(ann, bob);
    give_and_take(bob, ann);
    actor_end(bob);
    actor_end(ann);
    commons_remove();
}

/* Whoever owns the folder could put other directories in the place of the users'. */
static void a_folder_that_is_not_roots_is_refused(void) {
    if (!commons_make(01777, EVE)) return;
    struct child *ann = user_start(ANN, ANN);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, user_attach(ann, EVERYBODY));
    actor_end(ann);
    commons_remove();
}

static void who_admits_nobody_does_not_use_it(void) {
    if (!commons_make(01777, 0)) return;
    struct child *ann = user_start(ANN, ANN);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, user_attach(ann, NOBODY));
    CHECK_STATUS(SHS_OK, user_attach(ann, EVERYBODY));
    actor_end(ann);
    commons_remove();
}

static void without_the_sticky_bit_it_is_refused(void) {
    if (!commons_make(0777, 0)) return;
    struct child *ann = user_start(ANN, ANN);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, user_attach(ann, EVERYBODY));
    actor_end(ann);
    commons_remove();
}

static void make_users_directory(const char *path, uint32_t user) {
    CHECK(mkdir(path, 0755) == 0 && chmod(path, 0755) == 0 && chown(path, user, user) == 0);
}

/* A process of the same pid left its lock file behind, and somebody who may read it holds a lock for reading. */
static void a_reader_of_a_left_file_stops_nobody(void) {
    if (!system_tells_users()) return;
    char path[128];
    struct stat space;
    struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
    if (!commons_make(01777, 0)) return;
    struct child *ann = user_start(ANN, ANN);
    struct child *bob = user_start_attached(BOB, BOB, EVERYBODY);
    REQUIRE(stat("/proc/self/ns/pid", &space) == 0);
    int length = snprintf(path, sizeof path, "%s/%u", commons_path(), ANN);
    make_users_directory(path, ANN);
    length += snprintf(path + length, sizeof path - (size_t)length, "/%lu", (unsigned long)space.st_ino);
    make_users_directory(path, ANN);
    snprintf(path + length, sizeof path - (size_t)length, "/%u.lock", (unsigned)child_pid(ann));
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && fchown(fd, ANN, ANN) == 0 && fcntl(fd, F_SETLK, &whole) == 0);
    CHECK_STATUS(SHS_OK, user_attach(ann, EVERYBODY));
    give_and_take(bob, ann);
    actor_end(bob);
    actor_end(ann);
    close(fd);
    commons_remove();
}

static const struct test tests[] = {
    { "two users meet", two_users_meet },
    { "two of a group meet", two_of_a_group_meet },
    { "who is not of the group does not", who_is_not_of_the_group_does_not },
    { "both must admit", both_must_admit },
    { "two of one user meet", two_of_one_user_meet },
    { "the size of another user's block is told", the_size_is_told },
    { "a denial by an option ends connections", a_denial_by_an_option_ends_connections },
    { "a denial by the callback ends connections", a_denial_by_the_callback_ends_connections },
    { "a closed folder is named", a_closed_folder_is_named },
    { "a squatted directory stops nobody", a_squatted_directory_stops_nobody },
    { "a reader of a file that was left stops nobody", a_reader_of_a_left_file_stops_nobody },
    { "a folder that is not root's is refused", a_folder_that_is_not_roots_is_refused },
    { "who admits nobody does not use it", who_admits_nobody_does_not_use_it },
    { "without the sticky bit it is refused", without_the_sticky_bit_it_is_refused },
};

SUITE("folder", tests)
