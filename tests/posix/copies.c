/*
 * Two copies of the library in one process: this program has one linked in, and loads the other.
 *
 * Only one can be the endpoint of a process. The second says so, and makes no blocks that nobody could reach.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

/* The functions of the loaded copy. */
struct copy {
    void *library;
    shs_status (*start)(const struct shs_options *options);
    void (*stop)(void);
    shs_status (*alloc)(const void *data, size_t size, shs_pid owner, shs_handle *handle);
    shs_status (*free)(shs_handle handle, shs_pid owner);
    shs_status (*lock)(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size);
    shs_status (*unlock)(const void *view);
    shs_status (*map)(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped);
};

/* C has no conversion from an object's address to a function's; POSIX lets it be done this way. */
#define FIND(copy, member, name) (*(void **)&(copy)->member = dlsym((copy)->library, name))

static struct copy load(void) {
    struct copy copy = { .library = dlopen(SHARED_LIBRARY, RTLD_NOW | RTLD_LOCAL) };
    REQUIRE(copy.library != NULL);
    FIND(&copy, start, "shs_start");
    FIND(&copy, stop, "shs_stop");
    FIND(&copy, alloc, "shs_alloc");
    FIND(&copy, free, "shs_free");
    FIND(&copy, lock, "shs_lock");
    FIND(&copy, unlock, "shs_unlock");
    FIND(&copy, map, "shs_map_handle");
    REQUIRE(copy.start != NULL && copy.stop != NULL && copy.alloc != NULL && copy.free != NULL);
    REQUIRE(copy.start != shs_start);
    return copy;
}

static void second_copy_is_noticed(void) {
    shs_handle handle = 0;
    const struct copy copy = load();
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_E_UNSUPPORTED, copy.start(NULL));
    CHECK_STATUS(SHS_E_UNSUPPORTED, copy.alloc("data", 4, shs_self(), &handle));
    CHECK_STATUS(SHS_E_UNSUPPORTED, copy.alloc(NULL, 1 << 20, shs_self(), &handle));
    struct child *other = actor_start_attached();
    shs_handle theirs = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(other, 1, 100, child_pid(other), &theirs));
    CHECK_STATUS(SHS_E_UNSUPPORTED, copy.map(theirs, child_pid(other), shs_self(), SHS_READ, &handle));
    CHECK_STATUS(SHS_OK, actor_free(other, theirs, child_pid(other)));
    actor_end(other);
    CHECK_NUMBER(0, handle);
    const shs_handle own = block_new(1, 100, shs_self());
    copy.stop();
    CHECK(block_holds(own, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
    dlclose(copy.library);
}

/* ---- both at once ---- */

#define ROUNDS 200

static struct copy rival;
static atomic_int arrived;
static shs_status said[2];

/* In two threads, that set out together. */
static void start_one(void *context) {
    (void)context;
    const int number = atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < 2) {
    }
    said[number] = number == 0 ? shs_start(NULL) : rival.start(NULL);
}

static bool is_refused_copy(shs_status status) { return status == SHS_OK || status == SHS_E_UNSUPPORTED; }

/* One serves, and can be reached at once. */
static void both_start_at_once(void) {
    struct child *other = actor_start_attached();
    rival = load();
    for (int round = 0; round < ROUNDS; round++) {
        atomic_store(&arrived, 0);
        parallel_run(2, start_one, NULL);
        CHECK(is_refused_copy(said[0]) && is_refused_copy(said[1]));
        CHECK_NUMBER(1, (uint64_t)((said[0] == SHS_OK) + (said[1] == SHS_OK)));
        const struct actor_request probe = { .command = ACTOR_PROBE, .pid = (shs_pid)getpid() };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, probe).status);
        if (said[0] == SHS_OK) shs_stop();
        if (said[1] == SHS_OK) rival.stop();
    }
    actor_end(other);
    dlclose(rival.library);
}

/* Its thread runs when the program lets the library go: the code must stay where it is. */
static void unloading_a_copy_that_serves(void) {
    for (int i = 0; i < 20; i++) {
        const struct copy copy = load();
        CHECK_STATUS(SHS_OK, copy.start(NULL));
        dlclose(copy.library);
        const struct copy again = load();
        CHECK(again.start == copy.start);
        again.stop();
        dlclose(again.library);
    }
}

/* Both look at a block of another process, each with a mapping of its own: that one has looked enough says nothing of
 * the other. */
static void both_look_at_a_block(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    const struct copy copy = load();
    shs_handle handle = 0;
    void *second = NULL;
    REQUIRE_STATUS(SHS_OK, actor_alloc(owner, 6, KIB, pid, &handle));
    void *first = block_lock(handle, pid, SHS_READ);
    REQUIRE_STATUS(SHS_OK, copy.lock(handle, pid, SHS_READ, &second, NULL));
    CHECK(first != second);
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_OK, copy.unlock(second));
    for (uint32_t i = 0; i < 20; i++) { /* more than there are places */
        REQUIRE_STATUS(SHS_OK, actor_alloc(owner, 9, KIB, pid, &handle));
        CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    }
    CHECK(pattern_matches(first, KIB, 6));
    CHECK_STATUS(SHS_OK, shs_unlock(first));
    copy.stop();
    dlclose(copy.library);
    actor_end(owner);
}

static const struct test tests[] = {
    { "a second copy is noticed", second_copy_is_noticed },
    { "both start at once", both_start_at_once },
    { "both look at a block", both_look_at_a_block },
    { "a copy that serves is unloaded", unloading_a_copy_that_serves },
};

SUITE("copies", tests)
