/*
 * The server. See server.h; one connection is in connection.c, what is answered in handlers.c.
 *
 * The service thread takes no signal of the program's (os/signals.h) and cannot be cancelled; it has a stack of its own
 * size, and is joined by shs_stop() alone, never by the end of the process.
 */
#include "server/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/birth.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/identity.h"
#include "os/liveness.h"
#include "os/newborn.h"
#include "os/pages.h"
#include "os/poller.h"
#include "os/signals.h"
#include "os/thread_stack.h"
#include "os/timer.h"
#include "server/arrivals.h"
#include "server/connection.h"
#include "state/context.h"
#include "state/notifications.h"
#include "state/other_users.h"
#include "state/peer_watch.h"
#include "state/trim.h"
#include "state/wakeup.h"

#define EVENTS 32
#define STACK_SIZE ((size_t)256 * 1024) /* for the service thread's own use, and the application's callback */
#define REWATCH_MILLISECONDS 20         /* until peers are watched again that were busy */
#define BACKOFF_MILLISECONDS 250        /* when nothing can be done for want of descriptors or memory */
#define BUSY_MILLISECONDS 1000          /* between two rounds of housekeeping, while there are segments */
#define QUIET_MILLISECONDS 2000         /* while there are none */

static void close_timer(struct server *server) {
    shs__fd_close_watched(server->timer);
    server->timer = -1;
}

static void close_all(struct server *server) {
    atomic_store(&server->context->pump_fd, -1);
    shs__wakeup_set(server->context, -1);
    while (server->connections != NULL)
        shs__connection_end(server, server->connections);
    close_timer(server);
    shs__fd_close(server->poller); /* before the pipe, by which it is known */
    for (int i = 0; i < 2; i++) {
        shs__fd_close(server->ending_pipe[i]);
        server->ending_pipe[i] = -1;
    }
    shs__arrivals_end(server);
    server->poller = -1;
}

static bool open_ending_pipe(struct server *server) {
    int ends[2];
    shs__birth_begin();
    const bool opened = shs__newborn_pipe(ends);
    for (int i = 0; opened && i < 2; i++)
        server->ending_pipe[i] = shs__fd_track(ends[i]);
    shs__birth_end();
    return opened && server->ending_pipe[0] >= 0 && server->ending_pipe[1] >= 0;
}

static bool open_poller(struct server *server) {
    server->poller = shs__fd_open_poller(server->ending_pipe[0]);
    return server->poller >= 0;
}

/* The service thread wakes by itself; an application's loop is woken, where the system can. */
static void plan_housekeeping(struct server *server, uint32_t milliseconds) {
    server->housekeeping = deadline_in(milliseconds);
    if (server->service != SHS_SERVE_APPLICATION) return;
    shs__birth_begin();
    if (!shs__fd_is_ours(server->timer)) server->timer = shs__fd_track_watched(shs__timer_open(), server->poller);
    shs__birth_end();
    if (server->timer >= 0) shs__timer_set(server->timer, server->housekeeping);
}

/* To an application's loop, and to whoever waits meanwhile. */
static bool show(struct server *server) {
    const bool shown = server->service == SHS_SERVE_APPLICATION;
    atomic_store(&server->context->pump_fd, shown ? server->poller : -1);
    return shs__poller_show(server->poller, shown);
}

static bool open_all(struct server *server) {
    if (!open_ending_pipe(server) || !open_poller(server)) return false;
    if (!show(server) || !shs__arrivals_begin(server)) return false;
    shs__wakeup_set(server->context, server->ending_pipe[1]);
    shs__peer_watch_anew(server->context);
    plan_housekeeping(server, QUIET_MILLISECONDS);
    return true;
}

/* ---- housekeeping ---- */

/* Publish the endpoint again. What is left of the old one goes first: a lock file of this process must not be opened a
 * second time. */
static bool republish(struct server *server) {
    struct context *context = server->context;
    struct endpoint *endpoint = &context->endpoint;
    shs__arrivals_ignore(server);
    shs__endpoint_withdraw(endpoint);
    return atomic_load(&context->attached) && shs__endpoint_publish(endpoint, &context->place, context->pid) == SHS_OK;
}

/* Rather found by nobody than deaf: the next round tries again. */
static void put_in_place(struct server *server) {
    if (!republish(server)) return;
    shs__arrivals_watch(server);
    if (!server->listening) shs__endpoint_withdraw(&server->context->endpoint);
}

static bool has_segments(struct context *context) {
    context_lock(context);
    const bool busy = context->registry.usage.all.segments > 0;
    context_unlock(context);
    return busy;
}

static void keep_house(struct server *server) {
    struct context *context = server->context;
    if (clock_now() < server->housekeeping) return;
    shs__trim_periodic(context);
    shs__third_numbers_reap(context);
    shs__endpoint_keep_lock(&context->endpoint);
    shs__peers_end_dead(server->dispatcher);
    shs__peers_review(context);
    shs__peers_flush(context);
    const bool is_exiting = !atomic_load(&context->attached);  /* then the names are gone for good */
    const bool is_self = shs__identity_now() == IDENTITY_KEPT; /* another user would find nothing in its place */
    if (!is_exiting && is_self && !shs__endpoint_is_in_place(&context->endpoint)) put_in_place(server);
    shs__connections_review(server);
    plan_housekeeping(server, has_segments(context) ? BUSY_MILLISECONDS : QUIET_MILLISECONDS);
}

/* The application closed descriptors that it did not open, as daemons do before they begin: all anew. */
static bool rebuild(struct server *server) {
    close_all(server);
    (void)republish(server);
    if (open_all(server)) return true;
    close_all(server); /* half of it would never be missed */
    return false;
}

/* Whoever was admitted was admitted to another user's process. */
static bool rebuild_as_other(struct server *server) {
    (void)shs__identity_take();
    shs__peers_end_all(server->context);
    return rebuild(server);
}

/* ---- answering ---- */

/* Only the service thread may wait: an application's loop comes again by itself. */
static void backoff(const struct server *server) {
    if (server->service == SHS_SERVE_THREAD) (void)poll(NULL, 0, BACKOFF_MILLISECONDS);
}

static void empty_pipe(const struct server *server) {
    char bytes[16];
    (void)!read(server->ending_pipe[0], bytes, sizeof bytes);
}

/* False when an event is of nothing that is ours any more. */
static bool handle_events(struct server *server, const struct poller_event *events, int count) {
    bool arrivals = false, fine = true;
    for (int i = 0; i < count && fine; i++) {
        if (events[i].tag == &server->context->endpoint)
            arrivals = true;
        else if (events[i].tag == NULL)
            empty_pipe(server);
        else if (!shs__peer_watch_handle(server->context, events[i].tag))
            fine = shs__connection_serve(server, events[i].tag);
    }
    /* last: it may end a connection that an event names */
    if (fine && arrivals && !shs__arrivals_accept(server)) backoff(server);
    return fine;
}

/* An application's loop has no clock: it watches at once. */
static void watch_peers(struct server *server) {
    if (server->rewatching != 0 && clock_now() < server->rewatching) return;
    const bool left = shs__peer_watch_all(server->context, server->poller, server->service != SHS_SERVE_THREAD);
    server->rewatching = left ? deadline_in(REWATCH_MILLISECONDS) : 0;
}

/* What others did not ask for: peers are watched, and told what is queued for them, and connections what
 * was emptied. */
static void handle_notifications(struct server *server) {
    if (atomic_exchange(&server->context->lock_doubtful, false)) shs__endpoint_keep_lock(&server->context->endpoint);
    watch_peers(server);
    shs__connections_tell(server);
    shs__peers_flush(server->context);
}

/* In the service thread, or under dispatching. */
static void serve(struct server *server, int milliseconds) {
    struct poller_event events[EVENTS];
    const int count =
        shs__fd_is_ours(server->poller) ? shs__poller_wait(server->poller, events, EVENTS, milliseconds) : -1;
    const bool lost = shs__identity_now() == IDENTITY_LOST;
    if (count >= 0) shs__arrivals_watch(server);
    if (!lost && count >= 0 && handle_events(server, events, count)) {
        handle_notifications(server);
        keep_house(server);
    } else if (!(lost ? rebuild_as_other(server) : rebuild(server))) {
        backoff(server);
    }
}

/* The record of the calling thread, for the handlers. There is one: the context exists. */
static struct thread *this_thread(void) {
    struct thread *thread = context_enter();
    thread_leave(thread);
    return thread;
}

void shs__server_dispatch(struct context *context) {
    struct server *server = context->server;
    if (server == NULL || pthread_mutex_trylock(&server->dispatching) != 0) return;
    if (!server->threaded && server->serving) { /* both, as a thread may have begun to serve meanwhile */
        server->dispatcher = this_thread();
        serve(server, 0);
    }
    (void)pthread_mutex_unlock(&server->dispatching);
}

static void pump(void *context) { shs__server_dispatch(context); }

/* ---- the service thread ---- */

static deadline next_deadline(const struct server *server) {
    const deadline due = shs__arrivals_due(server);
    return server->rewatching != 0 && server->rewatching < due ? server->rewatching : due;
}

static void *run(void *argument) {
    struct server *server = argument;
    _Atomic uint32_t *const liveness = server->context->liveness;
    int ignored;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &ignored);
    if (liveness != NULL) shs__liveness_hold(liveness);
    server->dispatcher = this_thread();
    (void)shs__poller_show(server->poller, false);
    while (!atomic_load(&server->ending))
        serve(server, deadline_left(next_deadline(server)));
    shs__arrivals_watch(server);
    if (liveness != NULL) shs__liveness_drop(liveness);
    return NULL;
}

/* Whole pages, as some systems want it. */
static size_t stack_size(void) { return (size_t)page_round(STACK_SIZE + shs__thread_stack_taken()); }

static int start_thread(struct server *server) {
    pthread_attr_t attributes;
    sigset_t kept;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    (void)pthread_attr_setstacksize(&attributes, stack_size());
    signals_hold_off(SIG_SETMASK, &kept);
    server->threaded = true; /* before it begins, as it reads this */
    error = pthread_create(&server->thread, &attributes, run, server);
    (void)pthread_sigmask(SIG_SETMASK, &kept, NULL);
    (void)pthread_attr_destroy(&attributes);
    if (error != 0) server->threaded = false;
    return error;
}

/* ---- start and stop ---- */

/* The context's server, made at the first start and kept: another thread may be about to dispatch. */
static struct server *open_server(struct context *context) {
    if (context->server != NULL) return context->server;
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL || pthread_mutex_init(&server->dispatching, NULL) != 0) {
        free(server);
        return NULL;
    }
    server->context = context;
    server->poller = server->timer = server->reserve = server->ending_pipe[0] = server->ending_pipe[1] = -1;
    context->pump = pump;
    context->server = server;
    return server;
}

/* Under dispatching. An errno value. */
static int begin(struct server *server) {
    int error = 0;
    if (!open_all(server))
        error = errno;
    else if (server->service == SHS_SERVE_THREAD)
        error = start_thread(server);
    server->serving = error == 0;
    if (error != 0) close_all(server);
    return error;
}

static shs_status status_of(int error) { return error == 0 ? SHS_OK : shs__status_from_errno(error); }

shs_status shs__server_start(struct context *context, shs_service service) {
    struct server *server = open_server(context);
    if (server == NULL) return status_local(SHS_E_NO_MEMORY);
    (void)pthread_mutex_lock(&server->dispatching);
    server->service = service;
    atomic_store(&server->ending, false);
    const int error = begin(server);
    (void)pthread_mutex_unlock(&server->dispatching);
    return status_of(error);
}

/* Of a service thread. */
static void end_thread(struct server *server) {
    atomic_store(&server->ending, true);
    if (!server->threaded) return;
    if (shs__fd_is_ours(server->ending_pipe[1])) (void)!write(server->ending_pipe[1], "", 1);
    (void)pthread_join(server->thread, NULL);
}

/* Somebody else serves from now on; or who did goes on. A thread that begins ends what showed the poller. An errno
 * value. */
static int pass_on(struct server *server, shs_service before) {
    int error = 0;
    if (server->service == SHS_SERVE_THREAD)
        error = start_thread(server);
    else if (!show(server))
        error = errno;
    if (error != 0 && before == SHS_SERVE_THREAD) (void)start_thread(server);
    return error;
}

/* Under dispatching. All that is open stays open, so only a thread can be wanting. An errno value. */
static int change(struct server *server, shs_service service) {
    const shs_service before = server->service;
    int error = 0;
    server->threaded = false;
    server->service = service;
    shs__connections_review(server);
    if (server->poller < 0)
        error = begin(server);
    else
        error = pass_on(server, before);
    if (error != 0) server->service = before;
    if (server->threaded)
        close_timer(server);
    else
        plan_housekeeping(server, QUIET_MILLISECONDS);
    atomic_store(&server->context->pump_fd, server->threaded ? -1 : server->poller);
    return error;
}

shs_status shs__server_change(struct context *context, shs_service service) {
    struct server *server = context->server;
    end_thread(server);
    (void)pthread_mutex_lock(&server->dispatching);
    atomic_store(&server->ending, false);
    const int error = change(server, service);
    (void)pthread_mutex_unlock(&server->dispatching);
    return status_of(error);
}

void shs__server_stop(struct context *context) {
    struct server *server = context->server;
    end_thread(server);
    (void)pthread_mutex_lock(&server->dispatching);
    server->threaded = server->serving = false;
    close_all(server);
    (void)pthread_mutex_unlock(&server->dispatching);
}
