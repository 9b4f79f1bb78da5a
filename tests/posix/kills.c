/*
 * Three processes at work, and one of them is killed, hundreds of times.
 *
 * The maker allocates in the owner, while the owner and a third process, the guest, look at what was made before;
 * what was seen is freed by any of the three. The director deals out the work, kills one of the three at a random
 * moment of it, hears what the other two say, starts a new one in its place, and goes on. Every block tells by its
 * bytes which one it is. All randomness comes from one seed, which a failure tells; only the exact moment of a kill is
 * the machine's.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/child.h"
#include "support/parallel.h"
#include "support/suite.h"
#include "worker.h"

#define FEW_DESCRIPTORS 64
#define SMALL 64
#define SEED_VARIABLE "SHSHARED_SEED"
#define ROUNDS 2000
#define SECONDS 6.0 /* a slow machine makes fewer rounds */
#define ROUNDS_LEAST 20
#define BATCH 16
#define SPIN_MOST 2000000u
#define KILLS_SELDOM 4 /* rounds for each kill */
#define OWNER_SELDOM 6 /* the others are killed this often for each time that the owner is */
#define STALE 64
#define MOST_OPEN 1000 /* descriptors of a process around which others die, at any moment */
#define MOST_LEFT 24   /* when all is freed, and those that gave have ended */
#define WAIT_ROUNDS 10000

enum { NOBODY = -1, MAKER, OWNER, GUEST, WORKERS };

static struct child *workers[WORKERS];
static struct work orders[WORKERS];
static struct work made, seen; /* not yet looked at; looked at, and to be freed */
static shs_handle stale[STALE];
static uint32_t seed, stale_count, next_pattern;
static size_t kills[WORKERS], most_open;

/* ---- chance ---- */

static uint32_t chance(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(seed >> 8) * below >> 24);
}

static uint32_t any_size(void) {
    static const uint32_t classes[] = { 64, 256, 1024, 4096, 16384, 65536, 300000 };
    return (uint32_t)sizeof(struct label) + chance(classes[chance(LENGTH(classes))] - (uint32_t)sizeof(struct label));
}

static uint32_t first_seed(void) {
    const char *told = getenv(SEED_VARIABLE);
    return told == NULL ? (uint32_t)time(NULL) ^ (uint32_t)getpid() << 16 : (uint32_t)strtoul(told, NULL, 10);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the cast ---- */

static shs_pid owner(void) { return child_pid(workers[OWNER]); }

static void hire(int who) {
    struct work ready;
    workers[who] = child_start("worker", NULL);
    REQUIRE(workers[who] != NULL);
    REQUIRE(child_receive(workers[who], &ready, sizeof ready));
}

/* What it has of the system is known as long as it lives, as the same user's. */
static size_t descriptors_of(shs_pid pid) {
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%u/fd", (unsigned)pid);
    DIR *directory = opendir(path);
    if (directory == NULL) return 0;
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

/* ---- dealing out ---- */

static void add(struct work *work, struct item item, enum deed deed) {
    item.deed = deed;
    work->items[work->count++] = item;
}

/* What the guest has looked at is never used again: so it looks at every other block. The owner's list ends with one of
 * the rest, of which it keeps the view. */
static void deal(void) {
    for (int who = 0; who < WORKERS; who++)
        orders[who] = (struct work){ .owner = owner() };
    for (uint32_t i = 0; i < BATCH; i++) {
        if (i < seen.count) add(&orders[chance(WORKERS)], seen.items[i], DEED_FREE);
        add(&orders[MAKER], (struct item){ .pattern = ++next_pattern, .size = any_size() }, DEED_MAKE);
        if (i >= made.count) continue;
        add(&orders[OWNER], made.items[i], DEED_LOOK);
        if (i % 2 == 0) add(&orders[GUEST], made.items[i], DEED_LOOK);
    }
}

/* Those that live for some rounds use again what was freed. */
static int choose_victim(void) {
    if (chance(KILLS_SELDOM) > 0) return NOBODY;
    const uint32_t drawn = chance(2 * OWNER_SELDOM + 1);
    return drawn == 0 ? OWNER : drawn % 2 == 0 ? MAKER : GUEST;
}

static void spin(uint32_t rounds) {
    for (volatile uint32_t i = 0; i < rounds; i++) {
    }
}

/* When this returns, the pid names no process. */
static void kill_in_work(int victim) {
    for (int who = 0; who < WORKERS; who++)
        CHECK(child_send(workers[who], &orders[who], sizeof orders[who]));
    if (victim == NOBODY) return;
    spin(chance(chance(SPIN_MOST))); /* more often soon than late */
    child_kill(workers[victim]);
    kills[victim]++;
}

/* ---- what the living say ---- */

static bool is_end_of_owner(int32_t status) { return status == SHS_E_NO_PROCESS || status == SHS_E_NOT_ATTACHED; }

static void drain_wakeup(int who, bool owner_died) {
    struct work *work = &orders[who];
    REQUIRE(child_receive(workers[who], work, sizeof *work));
    for (uint32_t i = 0; i < work->count; i++) {
        const struct item *item = &work->items[i];
        if (!owner_died || !is_end_of_owner(item->status)) CHECK_STATUS(SHS_OK, (shs_status)item->status);
        CHECK_NUMBER(0, item->torn);
    }
    const size_t open = descriptors_of(child_pid(workers[who]));
    if (open > most_open) most_open = open;
    CHECK(open < MOST_OPEN);
}

static void note_stale(shs_handle handle) { stale[stale_count++ % STALE] = handle; }

static void check_stale(void) {
    void *view;
    const uint32_t noted = stale_count < STALE ? stale_count : STALE;
    for (uint32_t i = 0; noted > 0 && i < 4; i++) {
        CHECK_STATUS(SHS_E_HANDLE, shs_lock(stale[chance(noted)], owner(), SHS_READ, &view, NULL));
        CHECK_STATUS(SHS_E_HANDLE, shs_free(stale[chance(noted)], owner()));
    }
}

/* What it was to free is free afterwards, by it or by this process. */
static void free_instead(const struct work *work) {
    for (uint32_t i = 0; i < work->count; i++) {
        if (work->items[i].deed != DEED_FREE) continue;
        const shs_status status = shs_free(work->items[i].handle, owner());
        CHECK(status == SHS_OK || status == SHS_E_HANDLE);
    }
}

/* ---- what the dead left ---- */

/* The block as one that was ordered; false when there is none such. */
static bool identify(shs_handle handle, const struct work *ordered, struct item *found) {
    struct label label = { 0, 0 };
    size_t size = 0;
    void *view;
    if (!CHECK_STATUS(SHS_OK, shs_lock(handle, owner(), SHS_READ, &view, NULL))) return false;
    CHECK_STATUS(SHS_OK, shs_view_size(view, &size));
    CHECK(label_holds(view, size, &label));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    for (uint32_t i = 0; i < ordered->count; i++) {
        *found = ordered->items[i];
        found->handle = handle;
        if (found->deed == DEED_MAKE && found->pattern == label.pattern && found->size == label.size) return true;
    }
    return false;
}

static bool is_known(shs_handle handle, const struct work *work) {
    for (uint32_t i = 0; i < work->count; i++) {
        if (work->items[i].handle == handle) return true;
    }
    return false;
}

/* All that the owner has now is what was made before, and blocks as they were ordered: whole ones, each once. */
static void take_stock(const struct work *ordered) {
    static struct shs_block_info blocks[4 * WORK_MOST];
    size_t count = 0;
    seen = made;
    made.count = 0;
    REQUIRE_STATUS(SHS_OK, shs_list(owner(), blocks, LENGTH(blocks), &count));
    CHECK(count <= seen.count + BATCH);
    size_t known = 0;
    for (size_t i = 0; i < count && i < LENGTH(blocks); i++) {
        struct item item = { 0 };
        if (is_known(blocks[i].handle, &seen))
            known++;
        else if (CHECK(identify(blocks[i].handle, ordered, &item)) && CHECK(!is_known(item.handle, &made)))
            made.items[made.count++] = item;
    }
    CHECK_NUMBER(seen.count, known);
    CHECK_NUMBER(count, known + made.count);
}

static void forget_owner(shs_pid dead) {
    void *view;
    for (uint32_t i = 0; i < made.count; i++)
        CHECK_STATUS(SHS_E_NO_PROCESS, shs_lock(made.items[i].handle, dead, SHS_READ, &view, NULL));
    made.count = seen.count = stale_count = 0;
}

/* Take its end, and a new one in its place. */
static void bury(int victim) {
    const shs_pid dead = child_pid(workers[victim]);
    CHECK(child_wait(workers[victim]) == CHILD_KILLED);
    if (victim == OWNER)
        forget_owner(dead);
    else
        free_instead(&orders[victim]);
    hire(victim);
}

/* ---- rounds ---- */

static void play(int victim) {
    deal();
    kill_in_work(victim);
    for (int who = 0; who < WORKERS; who++) {
        if (who != victim) drain_wakeup(who, victim == OWNER);
    }
    if (victim != NOBODY) bury(victim);
    if (victim == OWNER) return;
    for (uint32_t i = 0; i < seen.count; i++)
        note_stale(seen.items[i].handle);
    take_stock(&orders[MAKER]);
    if (victim != MAKER) CHECK_NUMBER(BATCH, made.count);
    check_stale();
}

/* What the dead left in the owner goes at its next sweep. */
static bool owner_comes_down(void) {
    for (int round = 0; round < WAIT_ROUNDS; round++) {
        if (descriptors_of(owner()) <= MOST_LEFT) return true;
        parallel_pause();
    }
    return false;
}

static void dismiss(int who) {
    const struct work last = { .count = 1, .items = { { .deed = DEED_END } } };
    CHECK(child_send(workers[who], &last, sizeof last));
    CHECK_NUMBER(0, (uint64_t)child_wait(workers[who]));
}

/* A living maker keeps segments for its next blocks, so it goes first. */
static void end_work(void) {
    size_t count = 1;
    for (uint32_t i = 0; i < seen.count; i++)
        CHECK_STATUS(SHS_OK, shs_free(seen.items[i].handle, owner()));
    for (uint32_t i = 0; i < made.count; i++)
        CHECK_STATUS(SHS_OK, shs_free(made.items[i].handle, owner()));
    CHECK_STATUS(SHS_OK, shs_list(owner(), NULL, 0, &count));
    CHECK_NUMBER(0, count);
    dismiss(MAKER);
    dismiss(GUEST);
    CHECK(owner_comes_down());
    dismiss(OWNER);
}

static void random_kills(void) {
    const uint32_t begun_with = seed = first_seed();
    const size_t failed = checks_failed();
    const double end = seconds() + SECONDS;
    int round = 0;
    for (int who = 0; who < WORKERS; who++)
        hire(who);
    while (round < ROUNDS && checks_failed() == failed && (round < ROUNDS_LEAST || seconds() < end)) {
        play(choose_victim());
        round++;
    }
    end_work();
    printf(" %d rounds, killed: %zu makers, %zu owners, %zu guests; at most %zu descriptors ", round, kills[MAKER],
           kills[OWNER], kills[GUEST], most_open);
    if (checks_failed() > failed) printf("\nfailed in round %d with %s=%u\n", round, SEED_VARIABLE, begun_with);
}

/* ---- many that come and go ---- */

/* More than this process may have segments, and faster than its server sweeps: what each leaves makes room for the
 * next.
 */
static void givers_die_in_a_row(void) {
    struct rlimit limit;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit few = { .rlim_cur = FEW_DESCRIPTORS, .rlim_max = limit.rlim_max };
    const shs_pid self = shs_self();
    REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (uint32_t i = 0; i < 2 * FEW_DESCRIPTORS; i++) {
        shs_handle handle = 0;
        struct child *giver = actor_start_attached();
        CHECK_STATUS(SHS_OK, actor_alloc(giver, i, SMALL, self, &handle));
        actor_kill(giver);
        CHECK(block_holds(handle, self, i, SMALL));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static const struct test tests[] = {
    { "one of three is killed at work", random_kills },
    { "givers die in a row", givers_die_in_a_row },
};

static const struct role roles[] = { { "worker", worker_role } };

SUITE_WITH_ROLES("kills", tests, roles, LENGTH(roles))
