/*
 * Calls that are seen to. See checked.h.
 */
#include "checked.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ERRNO_BEFORE 4711
#define UNTOUCHED 0x5A5A5A5Au
#define UNTOUCHED_BYTE 0x5A

static char nowhere; /* no view is here */

static shs_status broken(const char *call, const char *what, shs_status status) {
    fprintf(stderr, "%s said %s and changed %s\n", call, shs_status_name(status), what);
    return PROMISE_BROKEN;
}

/* What a call has left; untouched: all of its outputs. */
static shs_status see(const char *call, int left, shs_status status, bool untouched) {
    if (left != ERRNO_BEFORE) return broken(call, "errno", status);
    return status == SHS_OK || untouched ? status : broken(call, "an output", status);
}

shs_status checked_start(const struct shs_options *options) {
    errno = ERRNO_BEFORE;
    const shs_status status = shs_start(options);
    return see("shs_start", errno, status, true);
}

shs_status checked_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    shs_handle made = UNTOUCHED;
    errno = ERRNO_BEFORE;
    const shs_status status = shs_alloc(data, size, owner, &made);
    const int left = errno;
    if (status == SHS_OK) *handle = made;
    return see("shs_alloc", left, status, made == UNTOUCHED);
}

shs_status checked_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    shs_handle made = UNTOUCHED;
    void *at = &nowhere;
    errno = ERRNO_BEFORE;
    const shs_status status = shs_alloc_locked(size, owner, &made, &at);
    const int left = errno;
    if (status == SHS_OK) {
        *handle = made;
        *view = at;
    }
    return see("shs_alloc_locked", left, status, made == UNTOUCHED && at == &nowhere);
}

shs_status checked_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    void *at = &nowhere;
    size_t told = UNTOUCHED;
    errno = ERRNO_BEFORE;
    const shs_status status = shs_lock(handle, owner, access, &at, size == NULL ? NULL : &told);
    const int left = errno;
    if (status == SHS_OK) *view = at;
    if (status == SHS_OK && size != NULL) *size = told;
    return see("shs_lock", left, status, at == &nowhere && told == UNTOUCHED);
}

shs_status checked_free(shs_handle handle, shs_pid owner) {
    errno = ERRNO_BEFORE;
    const shs_status status = shs_free(handle, owner);
    return see("shs_free", errno, status, true);
}

shs_status checked_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    shs_handle made = UNTOUCHED;
    errno = ERRNO_BEFORE;
    const shs_status status = shs_map_handle(handle, from, to, access, &made);
    const int left = errno;
    if (status == SHS_OK) *mapped = made;
    return see("shs_map_handle", left, status, made == UNTOUCHED);
}

shs_status checked_probe(shs_pid pid) {
    errno = ERRNO_BEFORE;
    const shs_status status = shs_probe(pid);
    return see("shs_probe", errno, status, true);
}

shs_status checked_wait(shs_pid pid, uint32_t timeout_ms) {
    errno = ERRNO_BEFORE;
    const shs_status status = shs_wait(pid, timeout_ms);
    return see("shs_wait", errno, status, true);
}

static bool are_untouched(const struct shs_block_info *blocks, size_t count) {
    const unsigned char *bytes = (const unsigned char *)blocks;
    for (size_t i = 0; i < count * sizeof *blocks; i++) {
        if (bytes[i] != UNTOUCHED_BYTE) return false;
    }
    return true;
}

shs_status checked_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    size_t told = UNTOUCHED;
    if (capacity > 0) memset(blocks, UNTOUCHED_BYTE, capacity * sizeof *blocks);
    errno = ERRNO_BEFORE;
    const shs_status status = shs_list(owner, blocks, capacity, &told);
    const int left = errno;
    if (status == SHS_OK) *count = told;
    return see("shs_list", left, status, told == UNTOUCHED && are_untouched(blocks, capacity));
}
