/*
 * The whole contract between the platform-neutral half (share.c, options.c, status.c, version.c) and a backend (posix/
 * or win32/).
 *
 * share.c has checked what needs no system call before it calls one of these: outputs are not NULL except the size of
 * lock, an access is one of the two, a handle has the shape of one (not 0, a multiple of 4, bit 31 clear), a pid is not
 * 0, room is at least size, options are whole and known. It keeps errno. A backend does the work, writes an output only
 * when it returns SHS_OK, and says with shs__backend_error() what the system said.
 *
 * Each function does what the public function of its name documents. They may be called from any thread, and start the
 * backend with default options when it has not started.
 */
#ifndef SHSHARED_BACKEND_H
#define SHSHARED_BACKEND_H

#include "contents.h"
#include "options.h"
#include "status.h"

shs_status shs__backend_start(const struct shs_options *options);
void shs__backend_stop(void);
shs_pid shs__backend_self(void);

shs_status shs__backend_alloc(const struct contents *contents, shs_pid owner, shs_handle *handle);
shs_status shs__backend_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view);
shs_status shs__backend_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size);
shs_status shs__backend_unlock(const void *view);
shs_status shs__backend_free(shs_handle handle, shs_pid owner);
shs_status shs__backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped);

shs_status shs__backend_view_size(const void *view, size_t *size);
shs_status shs__backend_probe(shs_pid pid);
shs_status shs__backend_wait(shs_pid pid, uint32_t timeout_ms);
shs_status shs__backend_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count);

int shs__backend_poll_fd(void);
shs_status shs__backend_dispatch(void);

#endif
