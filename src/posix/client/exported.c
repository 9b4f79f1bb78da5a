/*
 * Exported blocks. See exported.h.
 */
#include "client/exported.h"

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "state/context.h"
#include "state/owner.h"

shs_status shs__exported_get(struct context *context, const struct block_name *block, shs_access access,
                             const struct waiting *wait, struct exported *exported) {
    const shs_status status = block->owner == context->pid
                                  ? shs__owner_export(context, block->handle, &exported->mapping, &exported->fd)
                                  : shs__client_export(context, block, access, wait, exported);
    if (status != SHS_OK) return status;
    if (access == SHS_READ_WRITE && exported->mapping.access == SHS_READ) {
        shs__fd_close(exported->fd);
        return status_local(SHS_E_READ_ONLY);
    }
    exported->mapping.access = access;
    exported->mapping.giver = context->pid;
    return SHS_OK;
}
