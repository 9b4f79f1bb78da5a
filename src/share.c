/*
 * The public functions: check the arguments, keep errno, call the backend.
 *
 * Everything that can be said of a call without asking the system is said here, once for all platforms: the order of
 * checks is the documented one, and a backend never sees an argument without meaning.
 */
#include <errno.h>

#include "backend.h"
#include "options.h"

static int is_access(shs_access access) { return access == SHS_READ || access == SHS_READ_WRITE; }

static int is_handle(shs_handle handle) { return handle != 0 && (handle & 3u) == 0 && (handle >> 31) == 0; }

/* Failures that are no system's: the native error says so. */
static shs_status refuse(shs_status status) { return shs__backend_error(status, 0); }

/* A pair (handle, owner) that can exist. */
static shs_status check_pair(shs_handle handle, shs_pid owner) {
    if (!is_handle(handle)) return refuse(SHS_E_HANDLE);
    if (owner == 0) return refuse(SHS_E_NO_PROCESS);
    return SHS_OK;
}

shs_status shs_start(const struct shs_options *options) {
    struct shs_options read;
    shs_status status = shs__options_read(options, &read);
    if (status != SHS_OK) return refuse(status);
    const int kept = errno;
    status = shs__backend_start(&read);
    errno = kept;
    return status;
}

void shs_stop(void) {
    const int kept = errno;
    shs__backend_stop();
    errno = kept;
}

shs_pid shs_self(void) {
    const int kept = errno;
    const shs_pid self = shs__backend_self();
    errno = kept;
    return self;
}

shs_status shs_alloc_room(const void *data, size_t size, size_t room, shs_pid owner, shs_handle *handle) {
    if (handle == NULL || room < size) return refuse(SHS_E_ARGUMENT);
    if (owner == 0) return refuse(SHS_E_NO_PROCESS);
    const struct contents contents = { data, size, room };
    const int kept = errno;
    const shs_status status = shs__backend_alloc(&contents, owner, handle);
    errno = kept;
    return status;
}

shs_status shs_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle) {
    return shs_alloc_room(data, size, size, owner, handle);
}

shs_status shs_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view) {
    if (handle == NULL || view == NULL) return refuse(SHS_E_ARGUMENT);
    if (owner == 0) return refuse(SHS_E_NO_PROCESS);
    const int kept = errno;
    const shs_status status = shs__backend_alloc_locked(size, owner, handle, view);
    errno = kept;
    return status;
}

shs_status shs_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    if (view == NULL || !is_access(access)) return refuse(SHS_E_ARGUMENT);
    shs_status status = check_pair(handle, owner);
    if (status != SHS_OK) return status;
    const int kept = errno;
    status = shs__backend_lock(handle, owner, access, view, size);
    errno = kept;
    return status;
}

shs_status shs_unlock(const void *view) {
    if (view == NULL) return refuse(SHS_E_VIEW);
    const int kept = errno;
    const shs_status status = shs__backend_unlock(view);
    errno = kept;
    return status;
}

shs_status shs_free(shs_handle handle, shs_pid owner) {
    if (handle == 0) return SHS_OK; /* as the shell's function: no block, whatever the owner */
    shs_status status = check_pair(handle, owner);
    if (status != SHS_OK) return status;
    const int kept = errno;
    status = shs__backend_free(handle, owner);
    errno = kept;
    return status;
}

shs_status shs_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    if (mapped == NULL || !is_access(access)) return refuse(SHS_E_ARGUMENT);
    shs_status status = check_pair(handle, from);
    if (status != SHS_OK) return status;
    if (to == 0) return refuse(SHS_E_NO_PROCESS);
    const int kept = errno;
    status = shs__backend_map_handle(handle, from, to, access, mapped);
    errno = kept;
    return status;
}

shs_status shs_view_size(const void *view, size_t *size) {
    if (size == NULL) return refuse(SHS_E_ARGUMENT);
    if (view == NULL) return refuse(SHS_E_VIEW);
    const int kept = errno;
    const shs_status status = shs__backend_view_size(view, size);
    errno = kept;
    return status;
}

shs_status shs_probe(shs_pid pid) {
    if (pid == 0) return refuse(SHS_E_NO_PROCESS);
    const int kept = errno;
    const shs_status status = shs__backend_probe(pid);
    errno = kept;
    return status;
}

shs_status shs_wait(shs_pid pid, uint32_t timeout_ms) {
    if (pid == 0) return refuse(SHS_E_NO_PROCESS);
    const int kept = errno;
    const shs_status status = shs__backend_wait(pid, timeout_ms);
    errno = kept;
    return status;
}

shs_status shs_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    if (count == NULL || (blocks == NULL && capacity != 0)) return refuse(SHS_E_ARGUMENT);
    if (owner == 0) return refuse(SHS_E_NO_PROCESS);
    const int kept = errno;
    const shs_status status = shs__backend_list(owner, blocks, capacity, count);
    errno = kept;
    return status;
}

int shs_poll_fd(void) {
    const int kept = errno;
    const int fd = shs__backend_poll_fd();
    errno = kept;
    return fd;
}

shs_status shs_dispatch(void) {
    const int kept = errno;
    const shs_status status = shs__backend_dispatch();
    errno = kept;
    return status;
}
