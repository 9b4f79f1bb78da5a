/*
 * The backend's contract on POSIX: lock, unlock, free and the rest; alloc is in alloc.c. See ../backend.h.
 *
 * Every call on a block first tries what this process knows of it, inside the gate of its thread, without a lock or a
 * system call. What is not known is asked of the owner, once, and then tried again.
 */
#include "backend.h"

#include <unistd.h>

#include "answers.h"
#include "descriptors.h"
#include "failure.h"
#include "list.h"
#include "remote.h"
#include "world.h"

/* ---- life ---- */

shs_status backend_start(const struct shs_options *options) {
    struct world *world = world_open();
    return world == NULL ? refusal(SHS_E_NO_MEMORY) : world_configure(world, options);
}

void backend_stop(void) {
    struct world *world = forkpage_world();
    if (world != NULL) world_detach(world);
}

shs_pid backend_self(void) {
    struct world *world = world_open();
    if (world == NULL) return (shs_pid)getpid();
    (void)world_attach(world);
    return world->pid;
}

int backend_poll_fd(void) {
    const struct world *world = forkpage_world();
    if (world == NULL || !atomic_load(&world->attached) || world->agent.service != SHS_SERVE_APPLICATION) return -1;
    return world->agent.poller;
}

shs_status backend_dispatch(void) {
    struct world *world = forkpage_world();
    if (world != NULL && backend_poll_fd() >= 0) agent_dispatch(world);
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
    return segment->role == SEGMENT_GIVEN && (word & SLOT_SPENT) == 0;
}

static struct attempt try_known(struct world *world, struct step *step) {
    const uint32_t index = handle_index(step->handle);
    const bool own = step->owner == world->pid;
    struct handle_table *table = &world->own;
    if (!own) {
        struct peer *peer = peer_find(&world->peers, step->owner);
        if (peer == NULL || !peer_is_alive(peer)) return (struct attempt){ SHS_E_NOT_ATTACHED, false };
        table = &peer->known;
    }
    struct segment *segment = handle_find(table, index);
    if (segment == NULL) return (struct attempt){ SHS_E_HANDLE, own };
    const shs_status status = step->take(step, segment, index, handle_generation(step->handle));
    return (struct attempt){ status, own || status != SHS_E_HANDLE || knows_best(segment, index) };
}

/* The first view for reading of a block that lives here. */
static shs_status map_reading(struct world *world, shs_handle handle) {
    shs_status status = refusal(SHS_E_HANDLE);
    (void)pthread_mutex_lock(&world->lock);
    struct segment *segment = handle_find(&world->own, handle_index(handle));
    if (segment != NULL) status = holdings_add_reading(world, segment);
    (void)pthread_mutex_unlock(&world->lock);
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
        struct thread *thread = world_enter();
        if (thread == NULL) return refusal(SHS_E_NO_MEMORY);
        struct world *world = thread->world;
        const struct attempt attempt = try_known(world, step);
        thread_leave(thread);
        if (attempt.status == SHS_OK) return SHS_OK;
        shs_status status;
        if (attempt.status == SHS_E_UNSUPPORTED) {
            status = map_reading(world, step->handle);
        } else if (!is_worth_asking(&attempt, asked)) {
            (void)world_attach(world); /* a failed call starts the library too */
            return refusal(attempt.status);
        } else {
            (void)world_attach(world);
            status = remote_find(world, step->handle, step->owner, world_deadline(world));
            asked++;
        }
        if (status != SHS_OK) return status;
    }
}

static shs_status lock_step(struct step *step, struct segment *segment, uint32_t index, uint32_t generation) {
    return segment_lock(segment, index, generation, step->access, step->view);
}

static shs_status free_step(struct step *step, struct segment *segment, uint32_t index, uint32_t generation) {
    (void)step;
    return segment_free(segment, index, generation);
}

shs_status backend_lock(shs_handle handle, shs_pid owner, shs_access access, void **view) {
    struct step step = { lock_step, handle, owner, access, view };
    return take_step(&step);
}

shs_status backend_free(shs_handle handle, shs_pid owner) {
    struct step step = { free_step, handle, owner, SHS_READ, NULL };
    return take_step(&step);
}

/* ---- views ---- */

/* Its last view may have been this one. */
static void settle(struct world *world) {
    (void)pthread_mutex_lock(&world->lock);
    holdings_settle(world);
    (void)pthread_mutex_unlock(&world->lock);
}

static struct segment *find_inherited(const struct world *world, const void *view) {
    struct segment *segment = NULL;
    for (struct world *parent = world->inherited; parent != NULL && segment == NULL; parent = parent->inherited) {
        segment = view_find(&parent->views, (uintptr_t)view);
    }
    return segment;
}

shs_status backend_unlock(void *view) {
    struct thread *thread = world_enter();
    if (thread == NULL) return refusal(SHS_E_NO_MEMORY);
    struct world *world = thread->world;
    struct segment *segment = view_find(&world->views, (uintptr_t)view);
    struct segment *inherited = segment == NULL ? find_inherited(world, view) : NULL;
    bool leaving = false;
    shs_status status = SHS_E_VIEW;
    if (segment != NULL) {
        status = segment_unlock(segment, view);
        leaving = atomic_load(&segment->leaving);
    } else if (inherited != NULL) {
        status = segment_unlock_inherited(inherited, view);
    } else {
        (void)refusal(status);
    }
    thread_leave(thread);
    if (leaving) settle(world);
    return status;
}

shs_status backend_view_size(const void *view, size_t *size) {
    struct thread *thread = world_enter();
    if (thread == NULL) return refusal(SHS_E_NO_MEMORY);
    const struct segment *segment = view_find(&thread->world->views, (uintptr_t)view);
    if (segment == NULL) segment = find_inherited(thread->world, view);
    const shs_status status = segment == NULL ? refusal(SHS_E_VIEW) : segment_view_size(segment, view, size);
    thread_leave(thread);
    return status;
}

/* ---- between processes ---- */

static shs_status pass_on(struct world *world, shs_handle handle, shs_pid from, deadline until, struct mapping *passed,
                          int *fd) {
    if (from != world->pid) return remote_pass_on(world, handle, from, until, passed, fd);
    (void)pthread_mutex_lock(&world->lock);
    const shs_status status = answers_pass_on(world, handle, passed, fd);
    (void)pthread_mutex_unlock(&world->lock);
    return status;
}

static shs_status map(struct world *world, shs_pid to, const struct mapping *mapping, int fd, deadline until,
                      shs_handle *mapped) {
    if (to != world->pid) {
        const shs_status status = remote_map(world, to, mapping, fd, until, mapped);
        descriptor_close(fd);
        return status;
    }
    (void)pthread_mutex_lock(&world->lock);
    const shs_status status = answers_map(world, mapping, descriptor_keep(fd), mapped);
    (void)pthread_mutex_unlock(&world->lock);
    return status;
}

shs_status backend_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped) {
    struct world *world = world_open();
    struct mapping passed;
    int fd;
    if (world == NULL) return refusal(SHS_E_NO_MEMORY);
    (void)world_attach(world);
    const deadline until = world_deadline(world);
    const shs_status status = pass_on(world, handle, from, until, &passed, &fd);
    if (status != SHS_OK) return status;
    if (access == SHS_READ_WRITE && passed.access == SHS_READ) {
        descriptor_close(fd);
        return refusal(SHS_E_ACCESS);
    }
    passed.access = access;
    passed.giver = world->pid;
    return map(world, to, &passed, fd, until, mapped);
}

shs_status backend_probe(shs_pid pid) {
    struct world *world = world_open();
    if (world == NULL) return refusal(SHS_E_NO_MEMORY);
    const shs_status attached = world_attach(world);
    return pid == world->pid ? attached : remote_probe(world, pid, world_deadline(world));
}

shs_status backend_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    struct world *world = world_open();
    if (world == NULL) return refusal(SHS_E_NO_MEMORY);
    (void)world_attach(world);
    if (owner != world->pid) return remote_list(world, owner, blocks, capacity, count, world_deadline(world));
    (void)pthread_mutex_lock(&world->lock);
    list_own(world, blocks, capacity, count);
    (void)pthread_mutex_unlock(&world->lock);
    return SHS_OK;
}
