/*
 * The world: made, attached, detached. See world.h.
 */
#include "process/context.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/liveness.h"
#include "os/membarrier.h"
#include "os/poller.h"
#include "os/random.h"
#include "os/shm_object.h"

/* The newest world of this process or of those that forked it; keeps what a child inherits reachable. */
static _Atomic(struct context *) newest;

/* ---- the ends of a life ---- */

static void close_in_child(void) { fd_close_inherited(); }

/* Leave no names behind. Other threads still run, the agent among them: everything else stays as it is. */
static void unlink_at_exit(void) {
    struct context *context = current_context();
    if (context != NULL && atomic_exchange(&context->attached, false)) endpoint_unlink(&context->endpoint);
}

/* A child inherits these with everything else: once is enough. */
static bool register_ends(void) {
    static _Atomic bool registered;
    if (atomic_load(&registered)) return true;
    if (pthread_atfork(NULL, NULL, close_in_child) != 0 || atexit(unlink_at_exit) != 0) return false;
    atomic_store(&registered, true);
    return true;
}

/* ---- birth ---- */

static bool init_locks(struct context *context) {
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0) return false;
    const bool fine =
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
        pthread_cond_init(&context->changed, &monotonic) == 0 && pthread_mutex_init(&context->lock, NULL) == 0 &&
        pthread_mutex_init(&context->attaching, NULL) == 0 && pthread_mutex_init(&context->server.serving, NULL) == 0;
    (void)pthread_condattr_destroy(&monotonic);
    return fine;
}

/* What a child inherited and never uses: all but segments of which the parent had views. */
static void abandon(struct context *parent) {
    address_map_each(&parent->views, segment_abandon);
    peers_abandon(&parent->peers);
    shm_object_unmap((void *)parent->liveness, page_size());
}

static struct context *make(void) {
    struct context *context = calloc(1, sizeof *context);
    struct context *parent = atomic_load(&newest);
    if (context == NULL || !reader_prepare() || !register_ends() || !init_locks(context)) {
        free(context);
        return NULL;
    }
    fd_close_inherited(); /* of a parent whose child was not made by fork() */
    context->pid = (shs_pid)getpid();
    context->membarrier = membarrier_register();
    context->parent = parent;
    context->options = parent == NULL ? share_default_options : parent->options;
    context->starts = parent == NULL ? 0 : parent->starts;
    atomic_init(&context->own_pages, context->options.own_pages != 0);
    context->server.poller = context->server.reserve = context->server.wake[0] = context->server.wake[1] = -1;
    context->liveness_fd = -1;
    (void)random_bytes(&context->numbers.seed, sizeof context->numbers.seed);
    context->numbers.cursor = context->numbers.seed % INDEX_COUNT;
    if (parent != NULL) abandon(parent);
    atomic_store(&newest, context);
    return context;
}

struct context *context_open(void) {
    struct current_page *page = current_open();
    if (page == NULL) return NULL;
    for (;;) {
        struct context *context = current_context();
        uint32_t none = 0;
        if (context != NULL) return context;
        if (!atomic_compare_exchange_strong(&page->birth, &none, 1)) {
            (void)sched_yield(); /* another thread makes it */
            continue;
        }
        context = atomic_load(&page->context);
        if (context == NULL) {
            context = make();
            atomic_store(&page->context, context);
        }
        atomic_store(&page->birth, 0);
        return context;
    }
}

struct context *context_started(void) {
    return atomic_load(&newest) == NULL ? NULL : context_open();
}

struct reader *context_enter_first(void) {
    struct context *context = context_open();
    if (context == NULL) return NULL;
    struct reader *reader = reader_current;
    if (reader == NULL || reader->context != context) reader = reader_register(context);
    if (reader != NULL) reader_enter(reader);
    return reader;
}

deadline context_deadline(struct context *context) {
    (void)pthread_mutex_lock(&context->lock);
    const uint32_t milliseconds = context->options.timeout_ms;
    (void)pthread_mutex_unlock(&context->lock);
    return deadline_in(milliseconds);
}

/* ---- attach ---- */

/* Without a life word everything works, with a system call more. */
static void open_liveness(struct context *context) {
    void *page = NULL;
    int fd;
    if (context->liveness != NULL || shm_object_create(page_size(), &fd) != SHS_OK) return;
    if (shm_object_reserve(fd, 0, page_size()) == SHS_OK && shm_object_seal(fd) == SHS_OK &&
        shm_object_map(fd, 0, page_size(), true, &page) == SHS_OK) {
        context->liveness = page;
        context->liveness_fd = fd_track(fd);
    } else {
        fd_close(fd);
    }
}

/* Forgotten before it is unmapped: a child that is forked in between must not unmap what came to its place. */
static void close_liveness(struct context *context) {
    _Atomic uint32_t *const liveness = context->liveness;
    context->liveness = NULL;
    shm_object_unmap((void *)liveness, page_size());
    fd_close(context->liveness_fd);
    context->liveness_fd = -1;
}

static shs_status attach(struct context *context) {
    shm_names_sweep();
    shs_status status = endpoint_publish(&context->endpoint, context->pid);
    if (status != SHS_OK) return status;
    open_liveness(context);
    status = server_start(context, (shs_service)context->options.service);
    if (status != SHS_OK) {
        close_liveness(context);
        endpoint_withdraw(&context->endpoint);
    }
    return status;
}

/* Under attaching. */
static shs_status try_attach(struct context *context) {
    context->attach_status = attach(context);
    atomic_store(&context->attached, context->attach_status == SHS_OK);
    /* want of memory or descriptors passes; another user's directory, or another copy of the library, does not */
    const shs_status status = context->attach_status;
    atomic_store(&context->attach_tried,
                 status == SHS_OK || status == SHS_E_RUNTIME_DIR || status == SHS_E_UNSUPPORTED);
    return context->attach_status;
}

shs_status lifecycle_attach(struct context *context) {
    if (atomic_load(&context->attached)) return SHS_OK;
    (void)pthread_mutex_lock(&context->attaching);
    if (context->starts == 0) context->starts = 1; /* whatever becomes of it: there may be blocks of its own */
    const shs_status status = atomic_load(&context->attach_tried) ? context->attach_status : try_attach(context);
    (void)pthread_mutex_unlock(&context->attaching);
    return status;
}

static void keep_options(struct context *context, const struct shs_options *options) {
    (void)pthread_mutex_lock(&context->lock);
    context->options = *options;
    (void)pthread_mutex_unlock(&context->lock);
    atomic_store(&context->own_pages, options->own_pages != 0);
}

/* Under attaching. Without an agent there must be no endpoint: whoever finds it would wait in vain. */
static shs_status change_service(struct context *context, shs_service service) {
    server_stop(context);
    const shs_status status = server_start(context, service);
    if (status == SHS_OK) return SHS_OK;
    context->attach_status = status;
    atomic_store(&context->attached, false);
    endpoint_withdraw(&context->endpoint);
    close_liveness(context);
    return status;
}

/* Under attaching. A start that failed leaves nothing, not even the memory that it was tried. */
static void end_start(struct context *context, shs_status status, const struct shs_options *before) {
    if (status == SHS_OK) {
        context->starts++;
        return;
    }
    keep_options(context, before);
    if (context->starts == 0) atomic_store(&context->attach_tried, false);
}

shs_status lifecycle_configure(struct context *context, const struct shs_options *options) {
    (void)pthread_mutex_lock(&context->attaching);
    const struct shs_options before = context->options;
    struct shs_options merged = before;
    share_merge_options(&merged, options);
    keep_options(context, &merged);
    shs_status status = SHS_OK;
    if (!atomic_load(&context->attached)) {
        status = try_attach(context);
    } else if (context->server.service != merged.service) {
        status = change_service(context, (shs_service)merged.service);
    }
    end_start(context, status, &before);
    (void)pthread_mutex_unlock(&context->attaching);
    return status;
}

/* Under attaching. */
static void detach(struct context *context) {
    const bool attached = atomic_exchange(&context->attached, false);
    if (attached) {
        server_stop(context);
        endpoint_withdraw(&context->endpoint);
        close_liveness(context);
    }
    (void)pthread_mutex_lock(&context->lock);
    peers_close(context);
    registry_unlink_all(context);
    context->options = share_default_options;
    (void)pthread_mutex_unlock(&context->lock);
    atomic_store(&context->own_pages, false);
    atomic_store(&context->attach_tried, false);
}

void lifecycle_detach(struct context *context) {
    (void)pthread_mutex_lock(&context->attaching);
    if (context->starts > 0) context->starts--;
    if (context->starts == 0) detach(context); /* without a start, too: a call may have ended after the last stop */
    (void)pthread_mutex_unlock(&context->attaching);
}

/* What is left of the old one goes first: a lock file of this process must not be opened again. */
void server_republish(struct context *context) {
    poller_forget(context->server.poller, context->endpoint.listener);
    endpoint_withdraw(&context->endpoint);
    if (!atomic_load(&context->attached) || endpoint_publish(&context->endpoint, context->pid) != SHS_OK) return;
    (void)poller_watch(context->server.poller, context->endpoint.listener, &context->endpoint);
}
