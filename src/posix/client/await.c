/*
 * Waiting until a process takes blocks. Called by query.c, and for processes that were only just started by alloc.c and
 * map.c. Owns nothing beyond a call.
 *
 * The process itself tells who waits for it (ipc/rendezvous.h), and the system tells of its end. Where neither can,
 * and as what is told may be lost, it is looked for now and then.
 */
#include <errno.h>
#include <poll.h>

#include "client/client.h"
#include "ipc/rendezvous.h"
#include "os/birth.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/process_info.h"
#include "state/context.h"

#define LOOK_MILLISECONDS 1000u

/* A watch for the process: its attaching, and its end. */
struct watch {
    struct rendezvous rendezvous;
    bool open;
    int poller; /* of both; -1: there is none */
    int end;
};

static void open_watch(struct context *context, shs_pid pid, struct watch *watch) {
    const struct runtime_place place = shs__context_place(context);
    watch->poller = watch->end = -1;
    watch->open = shs__rendezvous_open(&place, pid, context->pid, &watch->rendezvous);
    if (!watch->open) return;
    watch->poller = shs__fd_open_poller(watch->rendezvous.socket);
    if (watch->poller < 0) return;
    shs__birth_begin();
    watch->end = shs__fd_track_watched(shs__process_info_open_end(pid), watch->poller);
    shs__birth_end();
}

static void close_watch(struct watch *watch) {
    shs__fd_close_watched(watch->end);
    shs__fd_close(watch->poller);
    if (watch->open) shs__rendezvous_close(&watch->rendezvous);
}

/* Until something is told, or it is time to look anyway. */
static shs_status sleep_in(const struct watch *watch, const struct waiting *wait) {
    const deadline look = deadline_in(LOOK_MILLISECONDS);
    const struct waiting soon = wait_until(wait, look < wait->until ? look : wait->until);
    const int fd = shs__fd_is_ours(watch->poller) ? watch->poller : -1;
    const shs_status status = shs__wait_ready(&soon, fd, POLLIN);
    if (status != SHS_OK && status != SHS_E_TIMEOUT) return status;
    if (watch->open) shs__rendezvous_clear(&watch->rendezvous);
    return SHS_OK;
}

/* Who waits, and how long one look may take where the process has attached and does not answer. */
struct waiter {
    struct context *context;
    shs_pid pid;
    const struct waiting *wait;
    bool looks_end; /* with the wait; otherwise each has the time that a call has */
};

static shs_status look(const struct waiter *waiter) {
    const struct waiting usual = shs__context_wait(waiter->context);
    return shs__client_reach(waiter->context, waiter->pid, waiter->looks_end ? waiter->wait : &usual);
}

/* It has not attached, or has and does not answer; and there is time left. */
static bool is_to_come(const struct waiter *waiter, shs_status status) {
    const bool absent = status == SHS_E_NOT_ATTACHED || status == SHS_E_TIMEOUT;
    return absent && deadline_left(waiter->wait->until) > 0;
}

/* SHS_E_NOT_ATTACHED where it has not done so until the end. */
static shs_status look_and_sleep(const struct waiter *waiter) {
    struct watch watch;
    shs_status status = look(waiter);
    if (!is_to_come(waiter, status)) return status;
    open_watch(waiter->context, waiter->pid, &watch);
    for (;;) {
        status = look(waiter);
        if (!is_to_come(waiter, status)) break;
        status = sleep_in(&watch, waiter->wait);
        if (status != SHS_OK) break;
    }
    close_watch(&watch);
    return status;
}

shs_status shs__client_await(struct context *context, shs_pid pid, const struct waiting *wait) {
    const struct waiter waiter = { context, pid, wait, false };
    const shs_status status = look_and_sleep(&waiter);
    return status == SHS_E_NOT_ATTACHED ? shs__status_from_errno(ETIMEDOUT) : status;
}

shs_status shs__client_await_starting(struct context *context, shs_pid pid, shs_status status,
                                      const struct waiting *wait) {
    const struct waiter waiter = { context, pid, wait, true };
    if (status != SHS_E_NOT_ATTACHED || !atomic_load(&context->await_starting)) return status;
    if (!shs__process_info_is_younger(pid, atomic_load(&context->timeout_ms))) return status;
    return look_and_sleep(&waiter);
}
