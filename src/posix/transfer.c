/*
 * What is not about one block of one process: second handles, lists, probes, and the application's event loop. Part of
 * the contract (src/backend.h).
 */
#include <unistd.h>

#include "backend.h"
#include "client/client.h"
#include "ipc/list_object.h"
#include "lifecycle.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "process/block_list.h"
#include "process/context.h"
#include "server/server.h"

shs_pid shs__backend_self(void) {
    struct context *context = shs__context_open();
    if (context == NULL) return (shs_pid)getpid();
    (void)shs__lifecycle_attach(context);
    return context->pid;
}

/* ---- the application's loop ---- */

int shs__backend_poll_fd(void) {
    const struct context *context = current_context();
    return context == NULL ? -1 : atomic_load(&context->pump_fd);
}

shs_status shs__backend_dispatch(void) {
    struct context *context = current_context();
    if (context != NULL && atomic_load(&context->pump_fd) >= 0) shs__server_dispatch(context);
    return SHS_OK;
}

/* ---- second handles ---- */

static shs_status export_block(struct context *context, const struct block_name *block, const struct wait *wait,
                               struct exported *exported) {
    if (block->owner == context->pid)
        return shs__owner_export(context, block->handle, &exported->mapping, &exported->fd);
    return shs__client_export(context, block, wait, exported);
}

/* The descriptor is taken over. */
static shs_status import_block(struct context *context, shs_pid to, const struct exported *exported,
                               const struct wait *wait, shs_handle *handle) {
    if (to == context->pid) return shs__owner_import(context, &exported->mapping, shs__fd_track(exported->fd), handle);
    const shs_status status = shs__client_import(context, to, exported, wait, handle);
    shs__fd_close(exported->fd);
    return status;
}

shs_status shs__backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    struct context *context = shs__context_open();
    struct exported exported;
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)shs__lifecycle_attach(context);
    const struct wait wait = shs__context_wait(context);
    const struct block_name block = { handle, from };
    const shs_status status = export_block(context, &block, &wait, &exported);
    if (status != SHS_OK) return status;
    if (access == SHS_READ_WRITE && exported.mapping.access == SHS_READ) {
        shs__fd_close(exported.fd);
        return status_local(SHS_E_READ_ONLY);
    }
    exported.mapping.access = access;
    exported.mapping.giver = context->pid;
    return import_block(context, to, &exported, &wait, mapped);
}

/* ---- asking about a process ---- */

shs_status shs__backend_probe(shs_pid pid) {
    struct context *context = shs__context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    const shs_status attached = shs__lifecycle_attach(context);
    if (pid == context->pid) return attached;
    const struct wait wait = shs__context_wait(context);
    return shs__client_probe(context, pid, &wait);
}

static shs_status list_own(struct shs_block_info *blocks, size_t capacity, size_t *count) {
    struct thread *thread = context_enter();
    if (thread == NULL) return status_local(SHS_E_NO_MEMORY);
    thread_leave(thread);
    *count = shs__block_list_fill(thread, blocks, capacity);
    return SHS_OK;
}

shs_status shs__backend_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    struct context *context = shs__context_open();
    uint32_t entries;
    int fd;
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)shs__lifecycle_attach(context);
    if (owner == context->pid) return list_own(blocks, capacity, count);
    const struct wait wait = shs__context_wait(context);
    shs_status status = shs__client_list(context, owner, &wait, &fd, &entries);
    if (status == SHS_OK) status = shs__list_object_read(fd, entries, blocks, capacity);
    if (status == SHS_OK) *count = entries;
    return status;
}
