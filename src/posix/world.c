/*
 * The world: made, attached, detached. See world.h.
 */
#include "world.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "barrier.h"
#include "descriptors.h"
#include "failure.h"
#include "life.h"
#include "object.h"
#include "poller.h"
#include "random.h"

/* The newest world of this process or of those that forked it; keeps what a child inherits reachable. */
static _Atomic(struct world *) newest;

/* ---- the ends of a life ---- */

static void close_in_child(void) { descriptors_abandon(); }

/* Leave no names behind. Other threads still run, the agent among them: everything else stays as it is. */
static void unlink_at_exit(void) {
    struct world *world = forkpage_world();
    if (world != NULL && atomic_exchange(&world->attached, false)) endpoint_unlink(&world->endpoint);
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

static bool init_locks(struct world *world) {
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0) return false;
    const bool fine = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
                      pthread_cond_init(&world->changed, &monotonic) == 0 &&
                      pthread_mutex_init(&world->lock, NULL) == 0 && pthread_mutex_init(&world->attaching, NULL) == 0 &&
                      pthread_mutex_init(&world->agent.serving, NULL) == 0;
    (void)pthread_condattr_destroy(&monotonic);
    return fine;
}

/* What a child inherited and never uses: all but segments of which the parent had views. */
static void abandon(struct world *parent) {
    view_each(&parent->views, segment_abandon);
    peers_abandon(&parent->peers);
    object_unmap((void *)parent->life, object_page());
}

static struct world *make(void) {
    struct world *world = calloc(1, sizeof *world);
    struct world *parent = atomic_load(&newest);
    if (world == NULL || !thread_prepare() || !register_ends() || !init_locks(world)) {
        free(world);
        return NULL;
    }
    descriptors_abandon(); /* of a parent whose child was not made by fork() */
    world->pid = (shs_pid)getpid();
    world->barriers = barrier_prepare();
    world->inherited = parent;
    world->options = parent == NULL ? share_default_options : parent->options;
    atomic_init(&world->own_pages, world->options.own_pages != 0);
    world->agent.poller = world->agent.reserve = world->agent.wake[0] = world->agent.wake[1] = -1;
    world->life_fd = -1;
    (void)random_bytes(&world->numbers.seed, sizeof world->numbers.seed);
    world->numbers.cursor = world->numbers.seed % INDEX_COUNT;
    if (parent != NULL) abandon(parent);
    atomic_store(&newest, world);
    return world;
}

struct world *world_open(void) {
    struct forkpage *page = forkpage_open();
    if (page == NULL) return NULL;
    for (;;) {
        struct world *world = forkpage_world();
        uint32_t none = 0;
        if (world != NULL) return world;
        if (!atomic_compare_exchange_strong(&page->birth, &none, 1)) {
            (void)sched_yield(); /* another thread makes it */
            continue;
        }
        world = atomic_load(&page->world);
        if (world == NULL) {
            world = make();
            atomic_store(&page->world, world);
        }
        atomic_store(&page->birth, 0);
        return world;
    }
}

struct thread *world_enter_first(void) {
    struct world *world = world_open();
    if (world == NULL) return NULL;
    struct thread *thread = thread_current;
    if (thread == NULL || thread->world != world) thread = thread_register(world);
    if (thread != NULL) thread_enter(thread);
    return thread;
}

deadline world_deadline(struct world *world) {
    (void)pthread_mutex_lock(&world->lock);
    const uint32_t milliseconds = world->options.deadline;
    (void)pthread_mutex_unlock(&world->lock);
    return deadline_in(milliseconds);
}

/* ---- attach ---- */

/* Without a life word everything works, with a system call more. */
static void open_life(struct world *world) {
    void *page = NULL;
    int fd;
    if (world->life != NULL || object_create(object_page(), &fd) != SHS_OK) return;
    if (object_reserve(fd, 0, object_page()) == SHS_OK && object_seal(fd) == SHS_OK &&
        object_map(fd, 0, object_page(), true, &page) == SHS_OK) {
        world->life = page;
        world->life_fd = descriptor_keep(fd);
    } else {
        descriptor_close(fd);
    }
}

/* Forgotten before it is unmapped: a child that is forked in between must not unmap what came to its place. */
static void close_life(struct world *world) {
    _Atomic uint32_t *const life = world->life;
    world->life = NULL;
    object_unmap((void *)life, object_page());
    descriptor_close(world->life_fd);
    world->life_fd = -1;
}

static shs_status attach(struct world *world) {
    object_sweep();
    shs_status status = endpoint_publish(&world->endpoint, world->pid);
    if (status != SHS_OK) return status;
    open_life(world);
    status = agent_start(world, world->options.service);
    if (status != SHS_OK) {
        close_life(world);
        endpoint_withdraw(&world->endpoint);
    }
    return status;
}

/* Under attaching. */
static shs_status try_attach(struct world *world) {
    world->attach_status = attach(world);
    atomic_store(&world->attached, world->attach_status == SHS_OK);
    /* want of memory or descriptors passes; another user's directory, or another copy of the library, does not */
    const shs_status status = world->attach_status;
    atomic_store(&world->attach_tried, status == SHS_OK || status == SHS_E_ACCESS || status == SHS_E_UNSUPPORTED);
    return world->attach_status;
}

shs_status world_attach(struct world *world) {
    if (atomic_load(&world->attached)) return SHS_OK;
    (void)pthread_mutex_lock(&world->attaching);
    const shs_status status = atomic_load(&world->attach_tried) ? world->attach_status : try_attach(world);
    (void)pthread_mutex_unlock(&world->attaching);
    return status;
}

static void keep_options(struct world *world, const struct shs_options *options) {
    (void)pthread_mutex_lock(&world->lock);
    world->options = *options;
    (void)pthread_mutex_unlock(&world->lock);
    atomic_store(&world->own_pages, options->own_pages != 0);
}

/* Under attaching. Without an agent there must be no endpoint: whoever finds it would wait in vain. */
static shs_status change_service(struct world *world, shs_service service) {
    agent_stop(world);
    const shs_status status = agent_start(world, service);
    if (status == SHS_OK) return SHS_OK;
    world->attach_status = status;
    atomic_store(&world->attached, false);
    endpoint_withdraw(&world->endpoint);
    close_life(world);
    return status;
}

shs_status world_configure(struct world *world, const struct shs_options *options) {
    (void)pthread_mutex_lock(&world->attaching);
    keep_options(world, options);
    shs_status status = SHS_OK;
    if (!atomic_load(&world->attached)) {
        status = try_attach(world);
    } else if (world->agent.service != options->service) {
        status = change_service(world, options->service);
    }
    (void)pthread_mutex_unlock(&world->attaching);
    return status;
}

void world_detach(struct world *world) {
    (void)pthread_mutex_lock(&world->attaching);
    const bool attached = atomic_exchange(&world->attached, false);
    if (attached) {
        agent_stop(world);
        endpoint_withdraw(&world->endpoint);
        close_life(world);
    }
    (void)pthread_mutex_lock(&world->lock);
    peers_close(world);
    holdings_forget_all(world);
    world->options = share_default_options;
    (void)pthread_mutex_unlock(&world->lock);
    atomic_store(&world->own_pages, false);
    atomic_store(&world->attach_tried, false);
    (void)pthread_mutex_unlock(&world->attaching);
}

/* What is left of the old one goes first: a lock file of this process must not be opened again. */
void world_republish(struct world *world) {
    poller_forget(world->agent.poller, world->endpoint.listener);
    endpoint_withdraw(&world->endpoint);
    if (!atomic_load(&world->attached) || endpoint_publish(&world->endpoint, world->pid) != SHS_OK) return;
    (void)poller_watch(world->agent.poller, world->endpoint.listener, &world->endpoint);
}
