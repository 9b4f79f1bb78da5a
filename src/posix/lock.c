/*
 * A block by its name: lock, unlock, free, view size. Part of the contract (src/backend.h).
 *
 * Every call first tries what this process knows of the block, inside its reader, without a lock or a system call. What
 * is not known is asked of the owner, once, and then tried again.
 */
#include "attach.h"
#include "backend.h"
#include "client/client.h"
#include "client/exported.h"
#include "os/errno_status.h"
#include "state/context.h"
#include "state/notifications.h"
#include "state/trim.h"
#include "state/view_status.h"

/* What this process itself can say of a block. */
enum knowledge {
    KNOWN,      /* the step was taken, or refused for good: the result is the last word */
    UNKNOWN,    /* the owner must be asked */
    UNCONNECTED /* the owner must be asked; it was not connected, or is gone */
};

struct step;
typedef enum view_result step_take(struct step *step, struct segment *segment);

/* One step on a block: lock, or free. */
struct step {
    step_take *take;
    struct block_name block;
    shs_access access;
    void **view;
    size_t *size; /* or NULL */
    enum view_result result;
    bool emptied;        /* it was the last block of its segment that was freed */
    bool asked;          /* the owner was */
    struct waiting wait; /* for all requests to it together */
    uint32_t pause;
};

/* What the fast path does not need is not set for it. */
static inline void step_init(struct step *step, step_take *take, shs_handle handle, shs_pid owner) {
    step->take = take;
    step->block.handle = handle;
    step->block.owner = owner;
    step->asked = false;
}

/* The giver sees all that happens in its segment, until the slot is retired. */
static bool knows_best(const struct segment *segment, shs_handle handle) {
    const uint32_t word = atomic_load(&segment->words[handle_index(handle) - segment->base]);
    return segment->role == SEGMENT_GIVER && (word & SLOT_RETIRED) == 0;
}

static inline enum knowledge try_table(struct step *step, struct handle_table *table, bool own) {
    const shs_handle handle = step->block.handle;
    struct segment *segment;
    do {
        segment = handle_table_find(table, handle_index(handle));
        step->result = segment == NULL ? VIEW_STALE : step->take(step, segment);
    } while (own && step->result == VIEW_STALE && segment != NULL &&
             compaction_moves(table, handle_index(handle), segment));
    if (own || step->result != VIEW_STALE) return KNOWN;
    return segment != NULL && knows_best(segment, handle) ? KNOWN : UNKNOWN;
}

/* Inside the reader. */
static inline enum knowledge try_known(struct context *context, struct step *step) {
    if (step->block.owner == context->pid) return try_table(step, &context->own, true);
    struct peer *peer = shs__peer_find(&context->peers, step->block.owner);
    if (peer == NULL || !shs__peer_is_alive(peer)) return UNCONNECTED;
    return try_table(step, &peer->known, false);
}

/* The owner is asked once; and again where the connection ended after its response, until the caller learns what became
 * of it. */
static bool is_worth_asking(const struct step *step, enum knowledge knowledge) {
    return !step->asked || knowledge == UNCONNECTED;
}

/* The owner is asked as long as the whole call may wait. How a process waits is decided when it starts. */
static void begin_asking(struct context *context, struct step *step) {
    (void)shs__attach(context);
    step->wait = shs__context_wait(context);
    step->pause = 0;
    step->asked = true;
}

/* The last word of this process; a failed call starts the library, too. */
static shs_status conclude(struct context *context, const struct step *step, enum knowledge knowledge) {
    if (knowledge == KNOWN && step->result == VIEW_DONE) return SHS_OK;
    (void)shs__attach(context);
    return view_status(step->result);
}

/* A process of another user shows no segment: each view is asked for, and its mapping is of this block alone. */
static shs_status view_of_other(struct context *context, const struct step *step) {
    struct exported exported;
    shs_status status = shs__exported_get(context, &step->block, step->access, &step->wait, &exported);
    if (status != SHS_OK) return status;
    status = shs__owner_view(context, &exported.mapping, exported.fd, step->view);
    if (status == SHS_OK && step->size != NULL) *step->size = (size_t)exported.mapping.size;
    return status;
}

/* Learn what the step lacks: where the block is, or its mapping for reading. Where that cannot be learned, seen says
 * that there is a view now. */
static shs_status learn(struct context *context, struct step *step, enum knowledge knowledge, bool *seen) {
    if (knowledge == KNOWN) return shs__registry_map_reading(context, step->block.handle);
    if (!step->asked) begin_asking(context, step);
    shs_status status = shs__wait_pause(&step->wait, &step->pause);
    if (status == SHS_OK) status = shs__client_is_other(context, step->block.owner, &step->wait, seen);
    if (status != SHS_OK) return status;
    return *seen ? view_of_other(context, step) : shs__client_lookup(context, &step->block, &step->wait);
}

static enum view_result take_lock(struct step *step, struct segment *segment) {
    const enum view_result result = shs__view_lock(segment, step->block.handle, step->access, step->view);
    if (step->size != NULL && result == VIEW_DONE)
        *step->size = (size_t)segment_size(segment, handle_index(step->block.handle) - segment->base);
    return result;
}

shs_status shs__backend_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size) {
    struct step step;
    step_init(&step, take_lock, handle, owner);
    step.access = access;
    step.view = view;
    step.size = size;
    for (;;) {
        struct thread *thread = context_enter();
        if (thread == NULL) return status_local(SHS_E_NO_MEMORY);
        const enum knowledge knowledge = try_known(thread->context, &step);
        thread_leave(thread);
        const bool wants_reading = knowledge == KNOWN && step.result == VIEW_WANTS_READING;
        if (!wants_reading && (knowledge == KNOWN || !is_worth_asking(&step, knowledge)))
            return conclude(thread->context, &step, knowledge);
        bool seen = false;
        const shs_status status = learn(thread->context, &step, knowledge, &seen);
        if (status != SHS_OK || seen) return status;
    }
}

static enum view_result take_free(struct step *step, struct segment *segment) {
    const enum view_result result = shs__view_free(segment, step->block.handle);
    if (result == VIEW_DONE) step->emptied = segment_is_emptied(segment);
    return result;
}

/* Off the fast path: it was the last block of its segment. */
static void give_back(struct context *context, const struct block_name *freed) {
    shs__trim_emptied(context, freed->owner, freed->handle);
    shs__peers_flush(context);
}

/* What is not known here need not be: the owner closes it. */
shs_status shs__backend_free(shs_handle handle, shs_pid owner) {
    struct step step;
    step_init(&step, take_free, handle, owner);
    step.emptied = false;
    struct thread *thread = context_enter();
    if (thread == NULL) return status_local(SHS_E_NO_MEMORY);
    struct context *context = thread->context;
    const enum knowledge knowledge = try_known(context, &step);
    thread_leave(thread);
    if (step.emptied) give_back(context, &step.block);
    if (knowledge == KNOWN) return conclude(context, &step, knowledge);
    begin_asking(context, &step);
    return shs__client_free(context, &step.block, &step.wait);
}

/* ---- views ---- */

/* In a child: a segment of which a view was inherited. A child without memory for a context of its own has those, too.
 */
static struct segment *find_inherited(struct context *first, const void *view) {
    struct segment *segment = NULL;
    for (struct context *context = first; context != NULL && segment == NULL; context = context->parent)
        segment = shs__address_map_find(&context->addresses, (uintptr_t)view);
    return segment;
}

static shs_status unlock_inherited(struct context *first, const void *view) {
    struct segment *segment = find_inherited(first, view);
    const bool found = segment != NULL && shs__view_unlock_inherited(segment, view) == VIEW_DONE;
    return found ? SHS_OK : status_local(SHS_E_VIEW);
}

/* Was this the last view of a segment that drains? Of two threads that give the last two views back at once, one sees
 * it: the fence is between its own step and its look at the other's. */
static bool was_last(const struct segment *segment) {
    if (!atomic_load(&segment->draining)) return false;
    atomic_thread_fence(memory_order_seq_cst);
    return !shs__segment_has_views(segment);
}

/* A view may have been what kept memory beyond the limit here. */
static void trim_now(struct context *context) {
    shs__trim(context);
    shs__peers_flush(context);
}

shs_status shs__backend_unlock(const void *view) {
    struct thread *thread = context_enter();
    if (thread == NULL) return unlock_inherited(shs__context_inherited(), view);
    struct context *context = thread->context;
    struct segment *segment = shs__address_map_find(&context->addresses, (uintptr_t)view);
    const bool found = segment != NULL && shs__view_unlock(segment, view) == VIEW_DONE;
    const bool last = found && was_last(segment); /* inside: it may be gone behind the reader */
    thread_leave(thread);
    if (last) shs__registry_drain(context);
    if (atomic_load_explicit(&context->keeps_too_much, memory_order_relaxed)) trim_now(context);
    if (found) return SHS_OK;
    return segment != NULL ? status_local(SHS_E_VIEW) : unlock_inherited(context->parent, view);
}

static shs_status size_of(const struct segment *segment, const void *view, size_t *size) {
    const bool found = segment != NULL && shs__view_size(segment, view, size) == VIEW_DONE;
    return found ? SHS_OK : status_local(SHS_E_VIEW);
}

shs_status shs__backend_view_size(const void *view, size_t *size) {
    struct thread *thread = context_enter();
    if (thread == NULL) return size_of(find_inherited(shs__context_inherited(), view), view, size);
    struct context *context = thread->context;
    const struct segment *segment = shs__address_map_find(&context->addresses, (uintptr_t)view);
    if (segment == NULL) segment = find_inherited(context->parent, view);
    const shs_status status = size_of(segment, view, size);
    thread_leave(thread);
    return status;
}
