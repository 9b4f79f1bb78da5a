/*
 * A look at a descriptor that fails once, for a want of the moment: nothing is lost by it, neither a descriptor nor the
 * way to a block. The linker leads the library's looks here.
 */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/sizes.h"
#include "support/suite.h"

#define LOOKS 30 /* more than an allocation makes */

static atomic_int left = INT_MAX; /* looks until one fails */

int __real_fstat64(int fd, struct stat *about);
int __wrap_fstat64(int fd, struct stat *about);

int __wrap_fstat64(int fd, struct stat *about) {
    if (atomic_fetch_sub(&left, 1) != 0) return __real_fstat64(fd, about);
    errno = ENOMEM;
    return -1;
}

static void a_block_can_be_locked_by_others(void) {
    struct child *other = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    for (int look = 0; look < LOOKS; look++) {
        shs_handle handle = 0;
        atomic_store(&left, look);
        const shs_status status = shs_alloc(NULL, MIB, shs_self(), &handle);
        atomic_store(&left, INT_MAX);
        if (status != SHS_OK) continue;
        CHECK(actor_sees(other, handle, shs_self(), 0, MIB));
        CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
        stop_all(); /* all of it goes back, as the suite sees in the end */
        CHECK_STATUS(SHS_OK, shs_start(NULL));
    }
    actor_end(other);
}

static const struct test tests[] = {
    { "a block can be locked by others, whichever look fails", a_block_can_be_locked_by_others },
};

SUITE("looks", tests)
