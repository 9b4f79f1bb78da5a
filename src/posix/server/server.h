/*
 * The agent: what answers other processes at the endpoint.
 *
 * A thread of the library, or the application's own event loop through shs_dispatch(). It never asks anybody anything,
 * takes no lock that is held across a wait, and never blocks on a send: so processes that call each other cannot
 * deadlock. It also does the housekeeping: sweeps what nobody uses, publishes the endpoint again when its directory
 * vanished.
 */
#ifndef SHSHARED_SERVER_SERVER_H
#define SHSHARED_SERVER_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "os/deadline.h"

struct connection;
struct context;

struct server {
    _Atomic shs_service service; /* this and the poller are read by threads that wait, while another one stops */
    _Atomic int poller;          /* -1: there is no agent */
    int wake[2];                 /* a pipe: written to end the thread */
    int reserve;                 /* given up for a moment when descriptors ran out */
    pthread_t thread;
    bool threaded;
    _Atomic bool ending;
    pthread_mutex_t serving;        /* whoever dispatches */
    struct connection *connections; /* the latest used first */
    unsigned count;
    uint64_t serial;
    deadline housekeeping; /* when it is due */
};

/* Begin to answer at the endpoint, which has been published. */
shs_status server_start(struct context *context, shs_service service);
void server_stop(struct context *context);

/* Have the agent look soon at what there is to sweep. Under the world's lock. */
void server_hasten(const struct context *context);

/* Answer what is waiting, without waiting. In the application's thread. */
void server_dispatch(struct context *context);

#endif
