/*
 * Between two steps of a call: what another thread may do there. The linker leads functions of the library here, and
 * that thread's step is made at the worst moment.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "posix/state/context.h"
#include "posix/state/owner.h"
#include "posix/state/trim.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/suite.h"

static bool wants_room; /* as soon as a segment is registered */
static bool stops;      /* before a block's size is told */

shs_status __real_shs__owner_register(struct context *context, struct segment *segment);
shs_status __wrap_shs__owner_register(struct context *context, struct segment *segment);

shs_status __wrap_shs__owner_register(struct context *context, struct segment *segment) {
    const shs_status status = __real_shs__owner_register(context, segment);
    if (wants_room) shs__trim_unused(context);
    return status;
}

void __real_shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size);
void __wrap_shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size);

void __wrap_shs__segment_set_size(struct segment *segment, uint32_t slot, uint64_t size) {
    if (stops) stop_all();
    __real_shs__segment_set_size(segment, slot, size);
}

/* ---- an owner that gives up what holds no block ---- */

static int owner_role(char **arguments) {
    uint32_t order = 1;
    (void)arguments;
    wants_room = true;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(parent_send(&order, sizeof order));
    (void)parent_receive(&order, sizeof order);
    shs_stop();
    return EXIT_SUCCESS;
}

static void a_segment_is_given_up_at_once(void) {
    uint32_t order = 0;
    struct child *owner = child_start("owner", NULL);
    REQUIRE(owner != NULL);
    CHECK(child_receive(owner, &order, sizeof order));
    for (uint32_t i = 0; i < 20; i++) {
        const size_t size = i % 2 == 0 ? 100 : 100000;
        const shs_handle handle = block_new(i, size, child_pid(owner));
        CHECK(block_holds(handle, child_pid(owner), i, size));
        CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
    }
    CHECK(child_send(owner, &order, sizeof order));
    CHECK(child_wait(owner) == 0);
}

/* ---- a stop ---- */

static void a_second_handle_is_cut_off(void) {
    const shs_handle handle = block_new(1, 100, shs_self());
    shs_handle second = 4711;
    stops = true;
    CHECK_STATUS(SHS_E_HANDLE, shs_map_handle(handle, shs_self(), shs_self(), SHS_READ, &second));
    stops = false;
    CHECK_NUMBER(4711, second);
}

static const struct test tests[] = {
    { "a segment is given up as soon as it is there", a_segment_is_given_up_at_once },
    { "a stop cuts off a second handle", a_second_handle_is_cut_off },
};

static const struct role roles[] = { { "owner", owner_role } };

SUITE_WITH_ROLES("between", tests, roles, LENGTH(roles))
