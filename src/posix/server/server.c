/*
 * The agent. See agent.h; what it answers is in answers.c, one connection in link.c.
 *
 * The service thread blocks all signals and cannot be cancelled; it has a stack of known size, and is joined by
 * shs_stop() alone, never by the end of the process.
 */
#include "server/server.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/liveness.h"
#include "os/poller.h"
#include "process/context.h"
#include "server/connection.h"

#define EVENTS 32
#define STACK_SIZE ((size_t)256 * 1024)
#define CONNECTIONS_SHARE 8      /* of the soft limit for descriptors; peers have as much */
#define BACKOFF_MILLISECONDS 250 /* when nothing can be done for want of descriptors or memory */
#define BUSY_MILLISECONDS 1000   /* between two sweeps, while there is something to sweep */
#define QUIET_MILLISECONDS 2000  /* while there is nothing */

/* Other threads write to the pipe under the world's lock. */
static void keep_pipe(struct context *context, const int ends[2]) {
    (void)pthread_mutex_lock(&context->lock);
    for (int i = 0; i < 2; i++)
        context->server.wake[i] = fd_track(ends[i]);
    (void)pthread_mutex_unlock(&context->lock);
}

static void close_pipe(struct context *context) {
    struct server *server = &context->server;
    (void)pthread_mutex_lock(&context->lock);
    fd_close(server->wake[0]);
    fd_close(server->wake[1]);
    server->wake[0] = server->wake[1] = -1;
    (void)pthread_mutex_unlock(&context->lock);
}

static void close_all(struct context *context) {
    struct server *server = &context->server;
    while (server->connections != NULL)
        connection_end(context, server->connections);
    close_pipe(context);
    fd_close(server->reserve);
    fd_close(server->poller);
    server->poller = server->reserve = -1;
}

static int open_reserve(void) { return fd_track(fdpass_socket()); }

static bool open_all(struct context *context, struct server *server) {
    int ends[2];
    server->poller = fd_track(poller_open());
    server->reserve = open_reserve();
    if (server->poller < 0 || server->reserve < 0 || pipe(ends) != 0) return false;
    keep_pipe(context, ends);
    return fd_prepare(server->wake[0]) && fd_prepare(server->wake[1]) &&
           poller_watch(server->poller, server->wake[0], server) &&
           poller_watch(server->poller, context->endpoint.listener, &context->endpoint);
}

/* ---- answering ---- */

static unsigned connections_most(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return UINT_MAX;
    const rlim_t share = limit.rlim_cur / CONNECTIONS_SHARE;
    return share < 4 ? 4 : share > INT_MAX ? INT_MAX : (unsigned)share;
}

/* Only the service thread may wait: an application's loop comes again by itself. */
static void backoff(const struct server *server) {
    if (server->service == SHS_SERVE_THREAD) (void)poll(NULL, 0, BACKOFF_MILLISECONDS);
}

/* Without a descriptor for it, a connection would wake the agent for ever: give one up, take it, and close it. */
static void refuse_one(struct server *server, int listener) {
    fd_close(server->reserve);
    const int refused = accept(listener, NULL, NULL);
    if (refused >= 0)
        (void)close(refused);
    else
        backoff(server); /* another thread was faster */
    server->reserve = open_reserve();
}

static void accept_connections(struct context *context) {
    struct server *server = &context->server;
    for (int accepted = 0; accepted < EVENTS; accepted++) {
        const int fd = accept4(context->endpoint.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            if (errno == EMFILE || errno == ENFILE)
                refuse_one(server, context->endpoint.listener);
            else if (errno != EAGAIN && errno != EWOULDBLOCK)
                backoff(server);
            return;
        }
        while (server->count >= connections_most())
            connection_end(context, connection_oldest(server));
        connection_open(context, fd_track(fd));
    }
}

/* Sweep, and stand where others look. */
static void keep_house(struct context *context) {
    struct server *server = &context->server;
    const deadline now = clock_now();
    if (now < server->housekeeping) return;
    (void)pthread_mutex_lock(&context->lock);
    trim_periodic(context);
    peers_sweep(context);
    const bool busy = context->registry.count > 0;
    (void)pthread_mutex_unlock(&context->lock);
    if (atomic_load(&context->attached) && !endpoint_stands(&context->endpoint))
        server_republish(context); /* not at exit */
    connections_expire(context);
    server->housekeeping = deadline_in(busy ? BUSY_MILLISECONDS : QUIET_MILLISECONDS);
}

/* There is something to sweep now, or the thread shall end. */
static void drain_wakeup(struct server *server) {
    char bytes[16];
    const deadline soon = deadline_in(BUSY_MILLISECONDS);
    (void)!read(server->wake[0], bytes, sizeof bytes);
    if (server->housekeeping > soon) server->housekeeping = soon;
}

/* The application closed descriptors that it did not open, as daemons do before they begin: all anew. */
static bool rebuild(struct context *context) {
    struct server *server = &context->server;
    fd_close(server->poller);
    server->poller = -1;
    close_all(context);
    server_republish(context);
    return open_all(context, server);
}

static void serve(struct context *context, int milliseconds) {
    struct server *server = &context->server;
    struct poller_event events[EVENTS];
    const int count = fd_is_ours(server->wake[0]) ? poller_wait(server->poller, events, EVENTS, milliseconds) : -1;
    if (count < 0) {
        if (!rebuild(context)) backoff(server);
        return;
    }
    bool arrivals = false;
    for (int i = 0; i < count; i++) {
        if (events[i].tag == &context->endpoint)
            arrivals = true;
        else if (events[i].tag == server)
            drain_wakeup(server);
        else
            connection_serve(context, events[i].tag);
    }
    if (arrivals) accept_connections(context); /* last: it may close a link that an event names */
    keep_house(context);
}

void server_dispatch(struct context *context) {
    struct server *server = &context->server;
    if (pthread_mutex_trylock(&server->serving) != 0) return;
    if (server->poller >= 0 && !server->threaded) serve(context, 0);
    (void)pthread_mutex_unlock(&server->serving);
}

/* ---- the service thread ---- */

static void *run(void *argument) {
    struct context *context = argument;
    struct server *server = &context->server;
    int ignored;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &ignored);
    if (context->liveness != NULL) liveness_hold(context->liveness);
    while (!atomic_load(&server->ending))
        serve(context, deadline_left(server->housekeeping));
    if (context->liveness != NULL) liveness_drop(context->liveness);
    return NULL;
}

static int start_thread(struct context *context) {
    pthread_attr_t attributes;
    sigset_t all, kept;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &kept);
    error = pthread_create(&context->server.thread, &attributes, run, context);
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    (void)pthread_attr_destroy(&attributes);
    context->server.threaded = error == 0;
    return error;
}

shs_status server_start(struct context *context, shs_service service) {
    struct server *server = &context->server;
    server->service = service;
    server->housekeeping = deadline_in(QUIET_MILLISECONDS);
    atomic_store(&server->ending, false);
    int error = 0;
    (void)pthread_mutex_lock(&server->serving); /* a thread that waits for an answer may want to dispatch */
    if (!open_all(context, server))
        error = errno;
    else if (service == SHS_SERVE_THREAD)
        error = start_thread(context);
    if (error != 0) close_all(context);
    (void)pthread_mutex_unlock(&server->serving);
    if (error == 0) return SHS_OK;
    return error == EAGAIN ? backend_error(SHS_E_LIMIT, error) : status_from_errno(error);
}

void server_hasten(const struct context *context) {
    if (fd_is_ours(context->server.wake[1])) (void)!write(context->server.wake[1], "", 1);
}

void server_stop(struct context *context) {
    struct server *server = &context->server;
    atomic_store(&server->ending, true);
    if (server->threaded) {
        (void)pthread_mutex_lock(&context->lock);
        server_hasten(context);
        (void)pthread_mutex_unlock(&context->lock);
        (void)pthread_join(server->thread, NULL);
    }
    (void)pthread_mutex_lock(&server->serving);
    server->threaded = false;
    close_all(context);
    (void)pthread_mutex_unlock(&server->serving);
}
