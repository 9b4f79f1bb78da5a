/*
 * Blocks for which a process has no addresses left: it cannot see them, and can free them all the same, whether it is
 * their owner, their giver, or a third process. So can a 32-bit process that is given a block of gigabytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"

#define SIZE (64 * MIB)
#define ROOM (32 * MIB) /* addresses that are left */

static void leave_little_room(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    EXPECT(file != NULL && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    const rlim_t room = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)ROOM;
    EXPECT(setrlimit(RLIMIT_AS, &(struct rlimit){ room, room }) == 0);
}

static void cannot_be_seen(shs_handle handle, shs_pid owner) {
    void *view = NULL;
    EXPECT_STATUS(SHS_E_NO_MEMORY, checked_lock(handle, owner, SHS_READ, &view, NULL));
}

static int small_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10), self = shs_self();
    const shs_handle foreign = (shs_handle)strtoul(arguments[1], NULL, 10);
    shs_handle own = 0, given = 0, mapped = 0;
    EXPECT_STATUS(SHS_OK, shs_alloc(NULL, SIZE, self, &own));
    EXPECT_STATUS(SHS_OK, shs_alloc(NULL, SIZE, other, &given));
    leave_little_room();
    cannot_be_seen(own, self);
    EXPECT_STATUS(SHS_OK, shs_free(own, self));
    EXPECT_STATUS(SHS_OK, shs_free(given, other));
    leave_little_room(); /* what was given back is not there for the next */
    cannot_be_seen(foreign, other);
    EXPECT_STATUS(SHS_E_NO_MEMORY, checked_map_handle(foreign, other, self, SHS_READ, &mapped));
    EXPECT_STATUS(SHS_OK, shs_free(foreign, other));
    EXPECT_STATUS(SHS_E_HANDLE, checked_free(foreign, other));
    return EXIT_SUCCESS;
}

static void who_cannot_map_can_free(void) {
    char owner[16], handle[16];
    const shs_handle foreign = block_new(0, SIZE, shs_self());
    snprintf(owner, sizeof owner, "%u", (unsigned)shs_self());
    snprintf(handle, sizeof handle, "%u", (unsigned)foreign);
    struct child *small = child_start("small", (const char *const[]){ owner, handle, NULL });
    REQUIRE(small != NULL);
    CHECK_NUMBER(0, (uint64_t)child_wait(small));
    CHECK_STATUS(SHS_E_HANDLE, block_status(foreign, shs_self()));
}

static const struct test tests[] = { { "who cannot map a block can free it", who_cannot_map_can_free } };

static const struct role roles[] = { { "small", small_role } };

SUITE_WITH_ROLES("unmapped", tests, roles, LENGTH(roles))
