/*
 * Calls that are seen to. See checked.h.
 */
#include "checked.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "suite.h"

#define ERRNO_BEFORE 4711
#define UNTOUCHED 0x5A5A5A5Au

static char nowhere; /* no view is here */

/* What the call that is its argument has left. */
static shs_status seen(shs_status status) {
    const int left = errno;
    CHECK_NUMBER(ERRNO_BEFORE, (uint64_t)left);
    return status;
}

static void set_errno(void) { errno = ERRNO_BEFORE; }

shs_status checked_start(const struct shs_options *options) {
    set_errno();
    return seen(shs_start(options));
}

static shs_status see_handle(shs_status status, shs_handle made, shs_handle *handle) {
    CHECK(status == SHS_OK || made == UNTOUCHED);
    if (status == SHS_OK) *handle = made;
    return status;
}

shs_status checked_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    shs_handle made = UNTOUCHED;
    set_errno();
    const shs_status status = seen(shs_alloc(data, size, owner, &made));
    return see_handle(status, made, handle);
}

static shs_status see_view(shs_status status, void *seen_at, void **view) {
    CHECK(status == SHS_OK || seen_at == &nowhere);
    if (status == SHS_OK) *view = seen_at;
    return status;
}

shs_status checked_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    shs_handle made = UNTOUCHED;
    void *seen_at = &nowhere;
    set_errno();
    const shs_status status = seen(shs_alloc_locked(size, owner, &made, &seen_at));
    return see_view(see_handle(status, made, handle), seen_at, view);
}

shs_status checked_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    void *seen_at = &nowhere;
    size_t told = UNTOUCHED;
    set_errno();
    const shs_status status = seen(shs_lock(handle, owner, access, &seen_at, &told));
    CHECK(status == SHS_OK || told == UNTOUCHED);
    if (status == SHS_OK && size != NULL) *size = told;
    return see_view(status, seen_at, view);
}

shs_status checked_free(shs_handle handle, shs_pid owner) {
    set_errno();
    return seen(shs_free(handle, owner));
}

shs_status checked_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    shs_handle made = UNTOUCHED;
    set_errno();
    const shs_status status = seen(shs_map_handle(handle, from, to, access, &made));
    return see_handle(status, made, mapped);
}

shs_status checked_probe(shs_pid pid) {
    set_errno();
    return seen(shs_probe(pid));
}

shs_status checked_wait(shs_pid pid, uint32_t timeout_ms) {
    set_errno();
    return seen(shs_wait(pid, timeout_ms));
}

static bool are_untouched(const struct shs_block_info *blocks, size_t count) {
    const unsigned char *bytes = (const unsigned char *)blocks;
    for (size_t i = 0; i < count * sizeof *blocks; i++) {
        if (bytes[i] != (UNTOUCHED & 0xFF)) return false;
    }
    return true;
}

shs_status checked_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    size_t told = UNTOUCHED;
    if (capacity > 0) memset(blocks, UNTOUCHED & 0xFF, capacity * sizeof *blocks);
    set_errno();
    const shs_status status = seen(shs_list(owner, blocks, capacity, &told));
    CHECK(status == SHS_OK || (told == UNTOUCHED && are_untouched(blocks, capacity)));
    if (status == SHS_OK) *count = told;
    return status;
}
