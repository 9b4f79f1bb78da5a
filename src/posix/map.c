/*
 * A second handle for a block, perhaps in another process. Part of the contract (src/backend.h).
 *
 * The process where the block lives exports it: it passes on the object with the block's data. The other one imports
 * it: it makes a segment of its own for this one block.
 */
#include "attach.h"
#include "backend.h"
#include "client/client.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "state/context.h"
#include "state/owner.h"

static shs_status export_block(struct context *context, const struct block_name *block, const struct wait *wait,
                               struct exported *exported) {
    if (block->owner == context->pid)
        return shs__owner_export(context, block->handle, &exported->mapping, &exported->fd);
    return shs__client_export(context, block, wait, exported);
}

/* The descriptor is taken over. */
static shs_status import_block(struct context *context, shs_pid to, const struct exported *exported,
                               const struct wait *wait, shs_handle *handle) {
    if (to == context->pid) return shs__owner_import(context, &exported->mapping, exported->fd, handle);
    const shs_status status = shs__client_import(context, to, exported, wait, handle);
    shs__fd_close(exported->fd);
    return status;
}

shs_status shs__backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    struct context *context = shs__context_open();
    struct exported exported;
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)shs__attach(context);
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
