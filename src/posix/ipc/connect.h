/*
 * Reaching a process for the first time: find its endpoint, connect, and have it prove who it is. Called by
 * state/peer_call.c, in a turn. No state.
 */
#ifndef SHSHARED_IPC_CONNECT_H
#define SHSHARED_IPC_CONNECT_H

#include "ipc/admission.h"
#include "ipc/runtime_dir.h"
#include "os/wait.h"

struct connect_request {
    shs_pid pid; /* to be reached */
    shs_pid self;
    uint64_t life;
    struct admission admission;
    struct runtime_place place; /* where to look for it */
};

/* A connection to the process itself. */
struct connected {
    int fd;          /* tracked */
    int liveness_fd; /* the object of its liveness word; -1: it has none */
    uint32_t user;   /* whose process it is */
};

shs_status shs__connect_peer(const struct connect_request *request, const struct waiting *wait,
                             struct connected *connected);

#endif
