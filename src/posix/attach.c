/*
 * Attaching and detaching: the contract's start and stop. See attach.h.
 */
#include "attach.h"

#include <stdlib.h>

#include "backend.h"
#include "os/discard.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/identity.h"
#include "os/pages.h"
#include "os/shm_names.h"
#include "os/shm_object.h"
#include "server/server.h"
#include "state/other_users.h"
#include "state/trim.h"
#include "state/wakeup.h"

static _Atomic bool exit_registered;

/* Leave no names behind. Other threads still run, the server among them: everything else stays as it is. What begins
 * after it, in another exit handler, registers it again. */
static void unlink_at_exit(void) {
    struct context *context = current_context();
    atomic_store(&exit_registered, false);
    if (context != NULL && atomic_exchange(&context->attached, false)) shs__endpoint_unlink(&context->endpoint);
}

/* A child inherits it with everything else: once is enough. */
static bool register_exit(void) {
    if (!atomic_load(&exit_registered)) atomic_store(&exit_registered, atexit(unlink_at_exit) == 0);
    return atomic_load(&exit_registered);
}

/* ---- the liveness word ---- */

/* Without one everything works, with a system call more: so none is shown that others could write. */
static void open_liveness(struct context *context) {
    void *page = NULL;
    int fd;
    if (context->liveness != NULL || !shs__shm_object_make_shown(page_size(), &page, &fd)) return;
    context->liveness = page;
    context->liveness_fd = fd;
}

/* Forgotten before it is unmapped: a child that is forked in between must not unmap what came to its place. */
static void close_liveness(struct context *context) {
    _Atomic uint32_t *const liveness = context->liveness;
    context->liveness = NULL;
    shs__shm_object_unmap((void *)liveness, page_size());
    shs__fd_close(context->liveness_fd);
    context->liveness_fd = -1;
}

/* ---- attaching ---- */

/* Here alone, in the thread of whoever calls: the environment is the program's, and may change at any time. */
static void read_environment(struct context *context) {
    struct runtime_place place;
    shs__runtime_place_read(&place, context->options.admit != NULL);
    shs__shm_object_choose_kind();
    context_lock(context);
    context->place = place;
    context_unlock(context);
}

/* In another thread: only who serves knows what is published just now. */
static void doubt_lock(void) {
    struct context *context = current_context();
    if (context == NULL) return;
    atomic_store(&context->lock_doubtful, true);
    context_lock(context);
    shs__wakeup_send(context);
    context_unlock(context);
}

static shs_status publish(struct context *context) {
    shs__discard_tell(doubt_lock);
    shs__discard_begin(); /* what waited in the parent of this process */
    if (!register_exit()) return status_local(SHS_E_NO_MEMORY);
    shs__shm_names_sweep();
    return shs__endpoint_publish(&context->endpoint, &context->place, context->pid);
}

/* Answer no more. Under attaching. */
static void end_serving(struct context *context) {
    if (!context->serving) return;
    context->serving = false;
    shs__server_stop(context);
    shs__endpoint_withdraw(&context->endpoint);
    close_liveness(context);
}

/* Requests that were made before, or by a life of the library before this one, were another user's. */
static bool take_identity(struct context *context) {
    const uint32_t before = shs__identity_user();
    const bool settled = shs__identity_take();
    if (shs__identity_user() != before) shs__peers_end_all(context);
    return settled;
}

static shs_status attach(struct context *context) {
    end_serving(context); /* what an exit handler left, or another user */
    read_environment(context);
    if (!take_identity(context)) return status_local(SHS_E_ACCESS);
    shs_status status = publish(context);
    if (status != SHS_OK) return status;
    open_liveness(context);
    status = shs__server_start(context, (shs_service)context->options.service);
    context->serving = status == SHS_OK;
    if (context->serving) return SHS_OK;
    close_liveness(context);
    shs__endpoint_withdraw(&context->endpoint);
    return status;
}

/* Want of memory or descriptors passes; a folder that will not do, or another copy of the library, does not. */
static bool is_final(shs_status status) {
    return status == SHS_OK || status == SHS_E_RUNTIME_DIR || status == SHS_E_UNSUPPORTED;
}

/* Later calls go by how the try ended. */
static shs_status keep_result(struct context *context, shs_status status) {
    context->attach_status = status;
    context->attach_error = shs_native_error();
    atomic_store(&context->attached, status == SHS_OK);
    atomic_store(&context->attach_tried, is_final(status));
    return status;
}

static shs_status try_attach(struct context *context) { return keep_result(context, attach(context)); }

static shs_status recall_result(const struct context *context) {
    if (context->attach_status == SHS_OK) return SHS_OK;
    return shs__backend_error(context->attach_status, context->attach_error);
}

/* Under attaching. A process that gave its user up for good attaches anew, as the one that it is now; one that is
 * another for a moment hears it. */
static shs_status check_identity(struct context *context) {
    const enum identity identity = atomic_load(&context->attached) ? shs__identity_now() : IDENTITY_KEPT;
    if (identity == IDENTITY_LOST) {
        atomic_store(&context->attached, false);
        atomic_store(&context->attach_tried, false);
    }
    return identity == IDENTITY_LEFT ? status_local(SHS_E_ACCESS) : SHS_OK;
}

shs_status shs__attach(struct context *context) {
    if (atomic_load(&context->attached) && shs__identity_now() != IDENTITY_LOST) return SHS_OK;
    (void)pthread_mutex_lock(&context->attaching);
    (void)check_identity(context);
    if (context->starts == 0) context->starts = 1; /* whatever becomes of it: there may be blocks of its own */
    const shs_status status = atomic_load(&context->attach_tried) ? recall_result(context) : try_attach(context);
    (void)pthread_mutex_unlock(&context->attaching);
    return status;
}

/* ---- start and stop, under attaching ---- */

static void keep_options(struct context *context, const struct shs_options *options) {
    context_lock(context);
    context->options = *options;
    context_unlock(context);
    atomic_store(&context->apart, options->admit != NULL);
    atomic_store(&context->own_pages, options->own_pages != 0 || options->admit != NULL);
    atomic_store(&context->timeout_ms, options->timeout_ms);
    atomic_store(&context->await_starting, options->await_starting != 0);
    shs__trim(context);
}

static shs_status configure(struct context *context, const struct shs_options *given) {
    struct shs_options merged = context->options;
    const struct shs_options before = merged;
    shs__options_merge(&merged, given);
    keep_options(context, &merged);
    if (!atomic_load(&context->attached)) return try_attach(context);
    const bool admits_others = merged.admit != before.admit || merged.admit_context != before.admit_context;
    if (admits_others) shs__peers_review(context);
    if (!admits_others && merged.service == before.service) return SHS_OK;
    return shs__server_change(context, (shs_service)merged.service);
}

/* A start that failed leaves nothing, not even the memory that it was tried. */
static shs_status start(struct context *context, const struct shs_options *given) {
    const struct shs_options before = context->options;
    shs_status status = check_identity(context);
    if (status == SHS_OK) status = configure(context, given);
    if (status == SHS_OK) {
        context->starts++;
        return SHS_OK;
    }
    keep_options(context, &before);
    if (context->starts == 0) atomic_store(&context->attach_tried, false);
    return status;
}

static void detach(struct context *context) {
    atomic_store(&context->attached, false);
    end_serving(context);
    shs__peers_end_all(context);
    shs__registry_each(context, shs__registry_end_handles, NULL);
    context_reclaim(context);
    shs__third_numbers_forget(context);
    keep_options(context, &shs__options_default);
    atomic_store(&context->attach_tried, false);
}

/* The last start that is given back detaches. Without a start, too: a call may have ended after the last stop. */
static void stop(struct context *context) {
    if (context->starts > 0) context->starts--;
    if (context->starts == 0) detach(context);
}

/* ---- the contract ---- */

shs_status shs__backend_start(const struct shs_options *options) {
    struct context *context = shs__context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)pthread_mutex_lock(&context->attaching);
    const shs_status status = start(context, options);
    (void)pthread_mutex_unlock(&context->attaching);
    return status;
}

void shs__backend_stop(void) {
    struct context *context = shs__context_started();
    if (context == NULL) return;
    (void)pthread_mutex_lock(&context->attaching);
    stop(context);
    (void)pthread_mutex_unlock(&context->attaching);
}
