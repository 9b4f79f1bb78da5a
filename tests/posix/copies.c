/*
 * Two copies of the library in one process: this program has one linked in, and loads the other.
 *
 * Only one can be the endpoint of a process. The second says so, and makes no blocks that nobody could reach.
 */
#include <dlfcn.h>

#include "support/block.h"
#include "support/suite.h"

/* The functions of the loaded copy. */
struct copy {
    void *library;
    shs_status (*start)(const struct shs_options *options);
    void (*stop)(void);
    shs_status (*alloc)(const void *data, size_t size, shs_pid owner, shs_handle *handle);
    shs_status (*free)(shs_handle handle, shs_pid owner);
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
    CHECK_NUMBER(0, handle);
    const shs_handle own = block_new(1, 100, shs_self());
    copy.stop();
    CHECK(block_holds(own, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
    dlclose(copy.library);
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

static const struct test tests[] = {
    { "a second copy is noticed", second_copy_is_noticed },
    { "a copy that serves is unloaded", unloading_a_copy_that_serves },
};

SUITE("copies", tests)
