/*
 * Blocks with patterns. See block.h.
 */
#include "block.h"

#include <stdlib.h>

#include "checked.h"
#include "pattern.h"
#include "suite.h"

shs_handle block_new(uint32_t pattern, size_t size, shs_pid owner) {
    shs_handle handle = 0;
    void *data = pattern_new(size, pattern);
    const shs_status status = shs_alloc(data, size, owner, &handle);
    free(data);
    REQUIRE_STATUS(SHS_OK, status);
    return handle;
}

void *block_lock(shs_handle handle, shs_pid owner, shs_access access) {
    void *view = NULL;
    REQUIRE_STATUS(SHS_OK, shs_lock(handle, owner, access, &view, NULL));
    return view;
}

bool block_holds(shs_handle handle, shs_pid owner, uint32_t pattern, size_t size) {
    size_t told = size + 1, actual = size + 2;
    void *view = NULL;
    if (!CHECK_STATUS(SHS_OK, shs_lock(handle, owner, SHS_READ, &view, &told))) return false;
    const bool sized =
        CHECK_NUMBER(size, told) && CHECK_STATUS(SHS_OK, shs_view_size(view, &actual)) && CHECK_NUMBER(size, actual);
    const bool matches = pattern_matches(view, size, pattern);
    return CHECK_STATUS(SHS_OK, shs_unlock(view)) && sized && matches;
}

shs_status block_status(shs_handle handle, shs_pid owner) {
    void *view = NULL;
    const shs_status status = checked_lock(handle, owner, SHS_READ, &view, NULL);
    if (status == SHS_OK) CHECK_STATUS(SHS_OK, shs_unlock(view));
    return status;
}
