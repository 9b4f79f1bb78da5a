/*
 * The server: what answers other processes at the endpoint.
 *
 * A thread of the library, or the application's own event loop through shs_dispatch(). It never makes a request, takes
 * no lock that is held across a wait, and never blocks on a send: so processes that call each other cannot deadlock. It
 * also does the housekeeping: gives back what nobody uses, publishes the endpoint again when its directory vanished.
 *
 * Started and stopped by attach.c. Owns the connections that others made, and the lock `dispatching`: a thread of
 * the application that answers holds it, and so does a start or stop. The service thread needs none: it answers alone,
 * from its start until it was joined. The lock is taken after context->attaching and before every other.
 */
#ifndef SHSHARED_SERVER_SERVER_H
#define SHSHARED_SERVER_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "os/deadline.h"
#include "server/told.h"
#include "status.h"

struct connection;
struct context;
struct thread;

struct server {
    struct context *context;
    shs_service service;
    int poller;         /* -1: it does not answer */
    int ending_pipe[2]; /* written to when the thread shall end, or there is something to do */
    int timer;          /* readable when housekeeping is due, for an application's loop; -1: none */
    int reserve;        /* of arrivals.c: given up for a moment when descriptors ran out */
    bool listening;     /* of arrivals.c: the poller tells who wants to connect */
    pthread_t thread;
    bool threaded;
    bool serving; /* by the thread or by the application: between a start and a stop */
    _Atomic bool ending;
    pthread_mutex_t dispatching;
    _Atomic(struct thread *) dispatcher; /* the library's record of the thread that answers */
    struct connection *connections;      /* the latest used first */
    unsigned count;
    uint64_t serial;
    struct told_frees frees; /* of told.c */
    deadline housekeeping;   /* when it is due */
    deadline rewatching;     /* when peers are watched again that were busy; 0: none are */
};

/* Begin to answer at the context's endpoint, which has been published. */
shs_status shs__server_start(struct context *context, shs_service service);
void shs__server_stop(struct context *context);

/* Options have changed: have this one answer from now on, with the same descriptors, and only those who are admitted
 * now. On failure it is as before. */
shs_status shs__server_change(struct context *context, shs_service service);

/* Answer what is waiting, without waiting. In the application's thread. */
void shs__server_dispatch(struct context *context);

#endif
