/*
 * The agent. See agent.h; what it answers is in answers.c, one connection in link.c.
 *
 * The service thread blocks all signals and cannot be cancelled; it has a stack of known size, and is joined by
 * shs_stop() alone, never by the end of the process.
 */
#include "agent.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "descriptors.h"
#include "failure.h"
#include "fdpass.h"
#include "life.h"
#include "link.h"
#include "poller.h"
#include "world.h"

#define EVENTS 32
#define STACK_SIZE ((size_t)256 * 1024)
#define LINKS_SHARE 8           /* of the soft limit for descriptors; peers have as much */
#define NAP_MILLISECONDS 250    /* when nothing can be done for want of descriptors or memory */
#define BUSY_MILLISECONDS 1000  /* between two sweeps, while there is something to sweep */
#define QUIET_MILLISECONDS 2000 /* while there is nothing */

/* Other threads write to the pipe under the world's lock. */
static void keep_pipe(struct world *world, const int ends[2]) {
    (void)pthread_mutex_lock(&world->lock);
    for (int i = 0; i < 2; i++)
        world->agent.wake[i] = descriptor_keep(ends[i]);
    (void)pthread_mutex_unlock(&world->lock);
}

static void close_pipe(struct world *world) {
    struct agent *agent = &world->agent;
    (void)pthread_mutex_lock(&world->lock);
    descriptor_close(agent->wake[0]);
    descriptor_close(agent->wake[1]);
    agent->wake[0] = agent->wake[1] = -1;
    (void)pthread_mutex_unlock(&world->lock);
}

static void close_all(struct world *world) {
    struct agent *agent = &world->agent;
    while (agent->links != NULL)
        link_end(world, agent->links);
    close_pipe(world);
    descriptor_close(agent->reserve);
    descriptor_close(agent->poller);
    agent->reserve = agent->poller = -1;
}

static int open_reserve(void) { return descriptor_keep(fdpass_socket()); }

static bool open_all(struct world *world, struct agent *agent) {
    int ends[2];
    agent->poller = descriptor_keep(poller_open());
    agent->reserve = open_reserve();
    if (agent->poller < 0 || agent->reserve < 0 || pipe(ends) != 0) return false;
    keep_pipe(world, ends);
    return descriptor_prepare(agent->wake[0]) && descriptor_prepare(agent->wake[1]) &&
           poller_watch(agent->poller, agent->wake[0], agent) &&
           poller_watch(agent->poller, world->endpoint.listener, &world->endpoint);
}

/* ---- answering ---- */

static unsigned links_most(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return UINT_MAX;
    const rlim_t share = limit.rlim_cur / LINKS_SHARE;
    return share < 4 ? 4 : share > INT_MAX ? INT_MAX : (unsigned)share;
}

/* Only the service thread may wait: an application's loop comes again by itself. */
static void nap(const struct agent *agent) {
    if (agent->service == SHS_SERVE_THREAD) (void)poll(NULL, 0, NAP_MILLISECONDS);
}

/* Without a descriptor for it, a connection would wake the agent for ever: give one up, take it, and close it. */
static void refuse_one(struct agent *agent, int listener) {
    descriptor_close(agent->reserve);
    const int refused = accept(listener, NULL, NULL);
    if (refused >= 0)
        (void)close(refused);
    else
        nap(agent); /* another thread was faster */
    agent->reserve = open_reserve();
}

static void accept_links(struct world *world) {
    struct agent *agent = &world->agent;
    for (int accepted = 0; accepted < EVENTS; accepted++) {
        const int fd = accept4(world->endpoint.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            if (errno == EMFILE || errno == ENFILE)
                refuse_one(agent, world->endpoint.listener);
            else if (errno != EAGAIN && errno != EWOULDBLOCK)
                nap(agent);
            return;
        }
        while (agent->count >= links_most())
            link_end(world, link_oldest(agent));
        link_open(world, descriptor_keep(fd));
    }
}

/* Sweep, and stand where others look. */
static void keep_house(struct world *world) {
    struct agent *agent = &world->agent;
    const deadline now = clock_now();
    if (now < agent->housekeeping) return;
    (void)pthread_mutex_lock(&world->lock);
    holdings_sweep(world);
    peers_sweep(world);
    const bool busy = world->holdings.count > 0;
    (void)pthread_mutex_unlock(&world->lock);
    if (atomic_load(&world->attached) && !endpoint_stands(&world->endpoint)) world_republish(world); /* not at exit */
    links_expire(world);
    agent->housekeeping = deadline_in(busy ? BUSY_MILLISECONDS : QUIET_MILLISECONDS);
}

/* There is something to sweep now, or the thread shall end. */
static void hear(struct agent *agent) {
    char bytes[16];
    const deadline soon = deadline_in(BUSY_MILLISECONDS);
    (void)!read(agent->wake[0], bytes, sizeof bytes);
    if (agent->housekeeping > soon) agent->housekeeping = soon;
}

/* The application closed descriptors that it did not open, as daemons do before they begin: all anew. */
static bool stand_again(struct world *world) {
    struct agent *agent = &world->agent;
    descriptor_close(agent->poller);
    agent->poller = -1;
    close_all(world);
    world_republish(world);
    return open_all(world, agent);
}

static void serve(struct world *world, int milliseconds) {
    struct agent *agent = &world->agent;
    struct poller_event events[EVENTS];
    const int count =
        descriptor_is_kept(agent->wake[0]) ? poller_wait(agent->poller, events, EVENTS, milliseconds) : -1;
    if (count < 0) {
        if (!stand_again(world)) nap(agent);
        return;
    }
    bool arrivals = false;
    for (int i = 0; i < count; i++) {
        if (events[i].tag == &world->endpoint)
            arrivals = true;
        else if (events[i].tag == agent)
            hear(agent);
        else
            link_serve(world, events[i].tag);
    }
    if (arrivals) accept_links(world); /* last: it may close a link that an event names */
    keep_house(world);
}

void agent_dispatch(struct world *world) {
    struct agent *agent = &world->agent;
    if (pthread_mutex_trylock(&agent->serving) != 0) return;
    if (agent->poller >= 0 && !agent->threaded) serve(world, 0);
    (void)pthread_mutex_unlock(&agent->serving);
}

/* ---- the service thread ---- */

static void *run(void *argument) {
    struct world *world = argument;
    struct agent *agent = &world->agent;
    int ignored;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &ignored);
    if (world->life != NULL) life_hold(world->life);
    while (!atomic_load(&agent->ending))
        serve(world, deadline_left(agent->housekeeping));
    if (world->life != NULL) life_drop(world->life);
    return NULL;
}

static int start_thread(struct world *world) {
    pthread_attr_t attributes;
    sigset_t all, kept;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &kept);
    error = pthread_create(&world->agent.thread, &attributes, run, world);
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    (void)pthread_attr_destroy(&attributes);
    world->agent.threaded = error == 0;
    return error;
}

shs_status agent_start(struct world *world, shs_service service) {
    struct agent *agent = &world->agent;
    agent->service = service;
    agent->housekeeping = deadline_in(QUIET_MILLISECONDS);
    atomic_store(&agent->ending, false);
    int error = 0;
    (void)pthread_mutex_lock(&agent->serving); /* a thread that waits for an answer may want to dispatch */
    if (!open_all(world, agent))
        error = errno;
    else if (service == SHS_SERVE_THREAD)
        error = start_thread(world);
    if (error != 0) close_all(world);
    (void)pthread_mutex_unlock(&agent->serving);
    if (error == 0) return SHS_OK;
    return error == EAGAIN ? backend_error(SHS_E_LIMIT, error) : failure(error);
}

void agent_hasten(const struct world *world) {
    if (descriptor_is_kept(world->agent.wake[1])) (void)!write(world->agent.wake[1], "", 1);
}

void agent_stop(struct world *world) {
    struct agent *agent = &world->agent;
    atomic_store(&agent->ending, true);
    if (agent->threaded) {
        (void)pthread_mutex_lock(&world->lock);
        agent_hasten(world);
        (void)pthread_mutex_unlock(&world->lock);
        (void)pthread_join(agent->thread, NULL);
    }
    (void)pthread_mutex_lock(&agent->serving);
    agent->threaded = false;
    close_all(world);
    (void)pthread_mutex_unlock(&agent->serving);
}
