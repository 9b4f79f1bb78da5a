/*
 * A second handle for a block, perhaps in another process. Part of the contract (src/backend.h).
 *
 * The process where the block lives exports it: it passes on the object with the block's data. The other one imports
 * it: it makes a segment of its own for this one block.
 */
#include "attach.h"
#include "backend.h"
#include "client/client.h"
#include "client/exported.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/shm_object.h"
#include "state/context.h"
#include "state/owner.h"

/* To a process of another user goes nothing but the block, and nothing to write through where it is to be read. */
static shs_status restrict_to_block(struct exported *exported) {
    if (!data_is_apart(exported->mapping.offset)) return status_local(SHS_E_ACCESS);
    return exported->mapping.access == SHS_READ ? shs__shm_object_make_reading(&exported->fd) : SHS_OK;
}

static shs_status try_import(struct context *context, shs_pid to, struct exported *exported, const struct waiting *wait,
                             shs_handle *handle) {
    bool other;
    shs_status status = shs__client_is_other(context, to, wait, &other);
    if (status == SHS_OK && other) status = restrict_to_block(exported);
    return status == SHS_OK ? shs__client_import(context, to, exported, wait, handle) : status;
}

/* The descriptor is taken over. */
static shs_status import_elsewhere(struct context *context, shs_pid to, struct exported *exported,
                                   const struct waiting *wait, shs_handle *handle) {
    shs_status status = try_import(context, to, exported, wait, handle);
    if (status == SHS_E_NOT_ATTACHED) {
        status = shs__client_await_starting(context, to, status, wait);
        if (status == SHS_OK) status = try_import(context, to, exported, wait, handle);
    }
    shs__fd_close(exported->fd);
    return status;
}

shs_status shs__backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    struct context *context = shs__context_open();
    struct exported exported;
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    const shs_status attached = shs__attach(context);
    if (attached == SHS_E_UNSUPPORTED && to == context->pid) return status_local(attached); /* as of alloc */
    const struct waiting wait = shs__context_wait(context);
    const struct block_name block = { handle, from };
    const shs_status status = shs__exported_get(context, &block, access, &wait, &exported);
    if (status != SHS_OK) return status;
    if (to != context->pid) return import_elsewhere(context, to, &exported, &wait, mapped);
    return shs__owner_import(context, &exported.mapping, exported.fd, mapped);
}
