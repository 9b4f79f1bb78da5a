/*
 * Calls of the library as programs make them, that see to what holds for every one of them: a failure has written no
 * output, and errno is as it was.
 *
 * They say what the call said, or PROMISE_BROKEN, which nobody expects, and why on stderr. For any thread, and for
 * processes that CUnit does not watch.
 */
#ifndef TESTS_CHECKED_H
#define TESTS_CHECKED_H

#include <shshared/shshared.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROMISE_BROKEN ((shs_status)-4711)

shs_status checked_start(const struct shs_options *options);
shs_status checked_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle);
shs_status checked_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view);
shs_status checked_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size);
shs_status checked_free(shs_handle handle, shs_pid owner);
shs_status checked_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped);
shs_status checked_probe(shs_pid pid);
shs_status checked_wait(shs_pid pid, uint32_t timeout_ms);

/* blocks is overwritten, whatever the call says. */
shs_status checked_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
