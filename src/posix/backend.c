/*
 * The backend's contract on POSIX: lock, unlock, free and the rest; alloc is in alloc.c. See ../backend.h.
 *
 * Every call on a block first tries what this process knows of it, inside the gate of its thread, without a lock or a
 * system call. What is not known is asked of the owner, once, and then tried again.
 */
#include "backend.h"

#include <unistd.h>

#include "client/client.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "process/block_list.h"
#include "process/context.h"
#include "server/handlers.h"

/* ---- life ---- */

shs_status backend_start(const struct shs_options *options) {
    struct context *context = context_open();
    return context == NULL ? status_local(SHS_E_NO_MEMORY) : lifecycle_configure(context, options);
}

void backend_stop(void) {
    struct context *context = context_started();
    if (context != NULL) lifecycle_detach(context);
}

shs_pid backend_self(void) {
    struct context *context = context_open();
    if (context == NULL) return (shs_pid)getpid();
    (void)lifecycle_attach(context);
    return context->pid;
}

int backend_poll_fd(void) {
    const struct context *context = current_context();
    if (context == NULL || !atomic_load(&context->attached) || context->server.service != SHS_SERVE_APPLICATION)
        return -1;
    return context->server.poller;
}

shs_status backend_dispatch(void) {
    struct context *context = current_context();
    if (context != NULL && backend_poll_fd() >= 0) server_dispatch(context);
    return SHS_OK;
}

/* ---- a block by its pair ---- */

/* One step on a block, inside a gate: its segment, the index and generation of the handle. */
struct step {
    shs_status (*take)(struct step *step, struct segment *segment, uint32_t index, uint32_t generation);
    shs_handle handle;
    shs_pid owner;
    shs_access access;
    void **view;
    size_t *size;
};

/* How often an owner is asked for one step, when it ends or begins anew meanwhile. */
#define ASKED_MOST 3

/* What a try inside the gate ended with. SHS_E_NOT_ATTACHED: this process has no living owner to which it belongs. */
struct attempt {
    shs_status status;
    bool known; /* this process's word on it is the last: the owner need not be asked */
};

/* The allocator of a segment sees all that happens in it, until it is revoked. */
static bool knows_best(const struct segment *segment, uint32_t index) {
    const uint32_t word = atomic_load(&segment->words[index - segment->base]);
    return segment->role == SEGMENT_GIVEN && (word & SLOT_RETIRED) == 0;
}

static struct attempt try_known(struct context *context, struct step *step) {
    const uint32_t index = handle_index(step->handle);
    const bool own = step->owner == context->pid;
    struct handle_table *table = &context->own;
    if (!own) {
        struct peer *peer = peer_find(&context->peers, step->owner);
        if (peer == NULL || !peer_is_alive(peer)) return (struct attempt){ SHS_E_NOT_ATTACHED, false };
        table = &peer->known;
    }
    struct segment *segment = handle_table_find(table, index);
    if (segment == NULL) return (struct attempt){ SHS_E_HANDLE, own };
    const shs_status status = step->take(step, segment, index, handle_generation(step->handle));
    return (struct attempt){ status, own || status != SHS_E_HANDLE || knows_best(segment, index) };
}

/* The first view for reading of a block that lives here. */
static shs_status map_reading(struct context *context, shs_handle handle) {
    shs_status status = status_local(SHS_E_HANDLE);
    (void)pthread_mutex_lock(&context->lock);
    struct segment *segment = handle_table_find(&context->own, handle_index(handle));
    if (segment != NULL) status = registry_add_reading(context, segment);
    (void)pthread_mutex_unlock(&context->lock);
    return status;
}

/* An owner that ended after its answer is asked once more, so that its caller hears what became of it. */
static bool is_worth_asking(const struct attempt *attempt, int asked) {
    if (attempt->known || asked == ASKED_MOST) return false;
    return asked == 0 || attempt->status == SHS_E_NOT_ATTACHED;
}

static shs_status take_step(struct step *step) {
    int asked = 0;
    for (;;) {
        struct reader *reader = context_enter();
        if (reader == NULL) return status_local(SHS_E_NO_MEMORY);
        struct context *context = reader->context;
        const struct attempt attempt = try_known(context, step);
        reader_leave(reader);
        if (attempt.status == SHS_OK) return SHS_OK;
        shs_status status;
        if (attempt.status == SHS_E_UNSUPPORTED) {
            status = map_reading(context, step->handle);
        } else if (!is_worth_asking(&attempt, asked)) {
            (void)lifecycle_attach(context); /* a failed call starts the library too */
            return status_local(attempt.status);
        } else {
            (void)lifecycle_attach(context);
            status = client_lookup(context, step->handle, step->owner, context_deadline(context));
            asked++;
        }
        if (status != SHS_OK) return status;
    }
}

static shs_status lock_step(struct step *step, struct segment *segment, uint32_t index, uint32_t generation) {
    const shs_status status = segment_lock(segment, index, generation, step->access, step->view);
    if (status == SHS_OK) *step->size = (size_t)segment_size(segment, index - segment->base);
    return status;
}

static shs_status free_step(struct step *step, struct segment *segment, uint32_t index, uint32_t generation) {
    (void)step;
    return segment_free(segment, index, generation);
}

shs_status backend_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    struct step step = { lock_step, handle, owner, access, view, size };
    return take_step(&step);
}

shs_status backend_free(shs_handle handle, shs_pid owner) {
    struct step step = { free_step, handle, owner, SHS_READ, NULL, NULL };
    return take_step(&step);
}

/* ---- views ---- */

/* Its last view may have been this one. */
static void settle(struct context *context) {
    (void)pthread_mutex_lock(&context->lock);
    registry_reclaim(context);
    (void)pthread_mutex_unlock(&context->lock);
}

static struct segment *find_inherited(const struct context *context, const void *view) {
    struct segment *segment = NULL;
    for (struct context *parent = context->parent; parent != NULL && segment == NULL; parent = parent->parent) {
        segment = address_map_find(&parent->views, (uintptr_t)view);
    }
    return segment;
}

/*
 * A view must be given back even where there is no memory: who has no gate holds the lock, under which nothing that can
 * be found is closed either. NULL: this process has never made a view.
 */
static struct context *enter_without_memory(struct reader **reader) {
    *reader = context_enter();
    struct context *context = *reader != NULL ? (*reader)->context : current_context();
    if (*reader == NULL && context != NULL) (void)pthread_mutex_lock(&context->lock);
    return context;
}

static void leave_without_memory(struct context *context, struct reader *reader) {
    if (reader != NULL)
        reader_leave(reader);
    else
        (void)pthread_mutex_unlock(&context->lock);
}

shs_status backend_unlock(const void *view) {
    struct reader *reader;
    struct context *context = enter_without_memory(&reader);
    if (context == NULL) return status_local(SHS_E_VIEW);
    struct segment *segment = address_map_find(&context->views, (uintptr_t)view);
    struct segment *parent = segment == NULL ? find_inherited(context, view) : NULL;
    bool draining = false;
    shs_status status = SHS_E_VIEW;
    if (segment != NULL) {
        status = segment_unlock(segment, view);
        draining = atomic_load(&segment->draining);
    } else if (parent != NULL) {
        status = segment_unlock_inherited(parent, view);
    } else {
        (void)status_local(status);
    }
    leave_without_memory(context, reader);
    if (draining) settle(context);
    return status;
}

shs_status backend_view_size(const void *view, size_t *size) {
    struct reader *reader;
    struct context *context = enter_without_memory(&reader);
    if (context == NULL) return status_local(SHS_E_VIEW);
    const struct segment *segment = address_map_find(&context->views, (uintptr_t)view);
    if (segment == NULL) segment = find_inherited(context, view);
    const shs_status status = segment == NULL ? status_local(SHS_E_VIEW) : segment_view_size(segment, view, size);
    leave_without_memory(context, reader);
    return status;
}

/* ---- between processes ---- */

static shs_status pass_on(struct context *context, shs_handle handle, shs_pid from, deadline until,
                          struct mapping *passed, int *fd) {
    if (from != context->pid) return client_export(context, handle, from, until, passed, fd);
    (void)pthread_mutex_lock(&context->lock);
    const shs_status status = owner_export(context, handle, passed, fd);
    (void)pthread_mutex_unlock(&context->lock);
    return status;
}

static shs_status map(struct context *context, shs_pid to, const struct mapping *mapping, int fd, deadline until,
                      shs_handle *mapped) {
    if (to != context->pid) {
        const shs_status status = client_import(context, to, mapping, fd, until, mapped);
        fd_close(fd);
        return status;
    }
    (void)pthread_mutex_lock(&context->lock);
    const shs_status status = owner_import(context, mapping, fd_track(fd), mapped);
    (void)pthread_mutex_unlock(&context->lock);
    return status;
}

shs_status backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    struct context *context = context_open();
    struct mapping passed;
    int fd;
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)lifecycle_attach(context);
    const deadline until = context_deadline(context);
    const shs_status status = pass_on(context, handle, from, until, &passed, &fd);
    if (status != SHS_OK) return status;
    if (access == SHS_READ_WRITE && passed.access == SHS_READ) {
        fd_close(fd);
        return status_local(SHS_E_READ_ONLY);
    }
    passed.access = access;
    passed.giver = context->pid;
    return map(context, to, &passed, fd, until, mapped);
}

shs_status backend_probe(shs_pid pid) {
    struct context *context = context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    const shs_status attached = lifecycle_attach(context);
    return pid == context->pid ? attached : client_probe(context, pid, context_deadline(context));
}

shs_status backend_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    struct context *context = context_open();
    if (context == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)lifecycle_attach(context);
    if (owner != context->pid) return client_list(context, owner, blocks, capacity, count, context_deadline(context));
    (void)pthread_mutex_lock(&context->lock);
    block_list_own(context, blocks, capacity, count);
    (void)pthread_mutex_unlock(&context->lock);
    return SHS_OK;
}
