/*
 * Handles of this process: their shape, their end, second handles to a block, and the list of them all.
 */
#include "support/block.h"
#include "support/checked.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

static void handles_survive_any_carrier(void) {
    const shs_pid self = shs_self();
    for (int i = 0; i < 200; i++) {
        const shs_handle handle = block_new(0, 10, self);
        CHECK(handle != 0 && handle % 4 == 0 && handle < 0x80000000u);
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

static void freed_handles_stay_invalid(void) {
    if (!system_keeps_handles_apart()) return;
    const shs_pid self = shs_self();
    const shs_handle old = block_new(1, 100, self);
    CHECK_STATUS(SHS_OK, shs_free(old, self));
    for (uint32_t i = 0; i < 1000; i++) {
        const shs_handle handle = block_new(i, 100, self);
        CHECK(handle != old);
        CHECK_STATUS(SHS_E_HANDLE, checked_free(old, self));
        CHECK_STATUS(SHS_E_HANDLE, block_status(old, self));
        CHECK(block_holds(handle, self, i, 100));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

static void handle_for_reading(void) {
    const shs_pid self = shs_self();
    shs_handle reader = 0;
    shs_handle next = 0;
    void *view = NULL;
    const shs_handle handle = block_new(1, 100, self);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(handle, self, self, SHS_READ, &reader));
    CHECK_STATUS(SHS_E_READ_ONLY, checked_lock(reader, self, SHS_READ_WRITE, &view, NULL));
    CHECK_STATUS(SHS_E_READ_ONLY, checked_map_handle(reader, self, self, SHS_READ_WRITE, &next));
    REQUIRE_STATUS(SHS_OK, shs_map_handle(reader, self, self, SHS_READ, &next));
    CHECK_STATUS(SHS_E_READ_ONLY, checked_lock(next, self, SHS_READ_WRITE, &view, NULL));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK_STATUS(SHS_OK, shs_free(reader, self));
    if (system_keeps_handles_apart()) /* what is not there is not for reading only */
        CHECK_STATUS(SHS_E_HANDLE, checked_lock(reader, self, SHS_READ_WRITE, &view, NULL));
    CHECK(block_holds(next, self, 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(next, self));
}

static void mapped_handles_share_the_bytes(void) {
    const shs_pid self = shs_self();
    shs_handle second = 0;
    const shs_handle first = block_new(1, 5000, self);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(first, self, self, SHS_READ_WRITE, &second));
    CHECK(first != second);
    void *view = block_lock(second, self, SHS_READ_WRITE);
    pattern_fill(view, 5000, 2);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK(block_holds(first, self, 2, 5000));
    CHECK_STATUS(SHS_OK, shs_free(first, self));
    CHECK(block_holds(second, self, 2, 5000));
    CHECK_STATUS(SHS_OK, shs_free(second, self));
}

static const struct shs_block_info *find(const struct shs_block_info *blocks, size_t count, shs_handle handle) {
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].handle == handle) return &blocks[i];
    }
    return NULL;
}

static void list_tells_all(void) {
    const shs_pid self = shs_self();
    const shs_pid giver = system_knows_givers() ? self : 0;
    struct shs_block_info blocks[8];
    shs_handle reader = 0;
    size_t count = 4711;
    CHECK_STATUS(SHS_OK, shs_list(self, NULL, 0, &count));
    CHECK_NUMBER(0, count);
    const shs_handle small = block_new(1, 100, self);
    const shs_handle large = block_new(1, MIB, self);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(small, self, self, SHS_READ, &reader));
    REQUIRE_STATUS(SHS_OK, shs_list(self, blocks, LENGTH(blocks), &count));
    CHECK_NUMBER(3, count);
    const struct shs_block_info *found = find(blocks, count, small);
    CHECK(found != NULL && found->size == 100 && found->giver == giver && found->writable != 0);
    found = find(blocks, count, large);
    CHECK(found != NULL && found->size == MIB && found->giver == giver && found->writable != 0);
    found = find(blocks, count, reader);
    CHECK(found != NULL && found->size == 100 && found->giver == giver && found->writable == 0);
    CHECK_STATUS(SHS_OK, shs_free(small, self));
    CHECK_STATUS(SHS_OK, shs_free(large, self));
    CHECK_STATUS(SHS_OK, shs_free(reader, self));
    CHECK_STATUS(SHS_OK, shs_list(self, NULL, 0, &count));
    CHECK_NUMBER(0, count);
}

static void list_fills_no_more_than_there_is_room(void) {
    const shs_pid self = shs_self();
    struct shs_block_info blocks[4] = { { .handle = 0 } };
    shs_handle handles[5];
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(handles); i++) {
        handles[i] = block_new(1, 10, self);
    }
    CHECK_STATUS(SHS_OK, shs_list(self, blocks, 3, &count));
    CHECK_NUMBER(LENGTH(handles), count);
    CHECK(blocks[2].handle != 0 && blocks[3].handle == 0);
    for (size_t i = 0; i < LENGTH(handles); i++) {
        CHECK_STATUS(SHS_OK, shs_free(handles[i], self));
    }
}

static const struct test tests[] = {
    { "handles survive any carrier", handles_survive_any_carrier },
    { "freed handles stay invalid", freed_handles_stay_invalid },
    { "a handle for reading stays one", handle_for_reading },
    { "mapped handles share the bytes", mapped_handles_share_the_bytes },
    { "list tells every block", list_tells_all },
    { "list fills no more than there is room for", list_fills_no_more_than_there_is_room },
};

SUITE("handles", tests)
