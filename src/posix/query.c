/*
 * What is asked about a process, and the application's event loop. Part of the contract (src/backend.h).
 */
#include <unistd.h>

#include "attach.h"
#include "backend.h"
#include "client/client.h"
#include "ipc/list_object.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "server/server.h"
#include "state/block_list.h"
#include "state/context.h"

shs_pid shs__backend_self(void) {
    struct context *context = shs__context_open();
    if (context == NULL) return (shs_pid)getpid();
    if (!atomic_load(&context->attached)) (void)shs__attach(context);
    return context->pid;
}

/* ---- the application's loop ---- */

int shs__backend_poll_fd(void) {
    struct context *context = current_context();
    if (context == NULL) return -1;
    const int fd = atomic_load(&context->pump_fd);
    if (!shs__fd_is_ours(fd)) shs__server_dispatch(context); /* the application closed it: begin anew */
    return atomic_load(&context->pump_fd);
}

shs_status shs__backend_dispatch(void) {
    struct context *context = current_context();
    if (context != NULL) shs__server_dispatch(context);
    return SHS_OK;
}

/* ---- asking about a process ---- */

shs_status shs__backend_probe(shs_pid pid) {
    struct context *context = shs__context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    const shs_status attached = shs__attach(context);
    if (pid == context->pid) return attached;
    const struct waiting wait = shs__context_wait(context);
    return shs__client_probe(context, pid, &wait);
}

shs_status shs__backend_wait(shs_pid pid, uint32_t timeout_ms) {
    struct context *context = shs__context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    const shs_status attached = shs__attach(context);
    if (pid == context->pid) return attached;
    const struct waiting usual = shs__context_wait(context), wait = wait_until(&usual, deadline_in(timeout_ms));
    return shs__client_await(context, pid, &wait);
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
    (void)shs__attach(context);
    if (owner == context->pid) return list_own(blocks, capacity, count);
    const struct waiting wait = shs__context_wait(context);
    shs_status status = shs__client_list(context, owner, &wait, &fd, &entries);
    if (status == SHS_OK) status = shs__list_object_read(fd, entries, blocks, capacity);
    if (status == SHS_OK) *count = entries;
    return status;
}
