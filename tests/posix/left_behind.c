/*
 * What givers leave behind. See left_behind.h.
 */
#include "left_behind.h"

#include <unistd.h>

#include "forked.h"
#include "posix/state/context.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

struct gift {
    uint32_t pattern;
    shs_pid to;
};

static void give(int channel, void *argument) {
    const struct gift *gift = argument;
    forked_tell(channel, block_new(gift->pattern, LEFT_SIZE, gift->to));
}

shs_handle left_behind(uint32_t pattern) {
    struct gift gift = { pattern, shs_self() };
    struct forked giver = forked_start(fork, give, &gift);
    const shs_handle handle = forked_hear(giver.channel);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&giver));
    REQUIRE(handle != 0);
    return handle;
}

static struct segment *segment_of(shs_handle handle) {
    return handle_table_find(&current_context()->own, handle_index(handle));
}

/* Has it been heard of that the giver has ended? */
static bool is_left(shs_handle handle) {
    struct context *context = current_context();
    context_lock(context);
    const bool left = segment_of(handle)->retired;
    context_unlock(context);
    return left;
}

void await_left(shs_handle handle) {
    while (!is_left(handle))
        parallel_pause();
}

bool is_moved(shs_handle handle) { return segment_of(handle)->arena != NULL; }

void compact(shs_handle last) {
    await_left(last);
    shs__compact(current_context());
}

void free_own(shs_handle handle) {
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, shs_self()));
    CHECK_STATUS(SHS_E_HANDLE, block_status(handle, shs_self()));
}
