/*
 * Blocks within one process: sizes, contents, and how many there can be.
 */
#include <stdlib.h>
#include <string.h>

#include "support/block.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

static void every_size_holds_its_data(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(7, sizes[i], self);
        CHECK(block_holds(handle, self, 7, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

static void no_data_means_zeros(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(0, sizes[i], self);
        CHECK(block_holds(handle, self, 0, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

static void memory_that_was_used_is_zeroed(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        CHECK_STATUS(SHS_OK, shs_free(block_new(8, sizes[i], self), self));
        const size_t smaller = sizes[i] - sizes[i] / 3;
        const shs_handle handle = block_new(0, smaller, self);
        CHECK(block_holds(handle, self, 0, smaller));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

static void data_is_copied(void) {
    const shs_pid self = shs_self();
    shs_handle handle = 0;
    char *data = pattern_new(KIB, 9);
    REQUIRE_STATUS(SHS_OK, shs_alloc(data, KIB, self, &handle));
    memset(data, 0, KIB);
    CHECK(block_holds(handle, self, 9, KIB));
    free(data);
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
}

#define MANY 4000

/* Every third of them is freed and made anew in between, so that the new ones fill the gaps. */
static void many_live_blocks(void) {
    static shs_handle handles[MANY];
    const shs_pid self = shs_self();
    for (uint32_t i = 0; i < MANY; i++) {
        handles[i] = block_new(i, i % 300, self);
    }
    for (uint32_t i = 0; i < MANY; i += 3) {
        CHECK_STATUS(SHS_OK, shs_free(handles[i], self));
    }
    for (uint32_t i = 0; i < MANY; i += 3) {
        handles[i] = block_new(i + MANY, i % 300, self);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        CHECK(block_holds(handles[i], self, i % 3 == 0 ? i + MANY : i, i % 300));
        CHECK_STATUS(SHS_OK, shs_free(handles[i], self));
    }
}

static const struct test tests[] = {
    { "every size holds its data", every_size_holds_its_data },
    { "no data means zeros", no_data_means_zeros },
    { "memory that was used is zeroed", memory_that_was_used_is_zeroed },
    { "data is copied", data_is_copied },
    { "thousands of live blocks", many_live_blocks },
};

SUITE("blocks", tests)
