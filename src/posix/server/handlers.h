/*
 * What the server does with a request: one handler for each kind. Called by connection.c for a whole request; never
 * waits. Owns nothing.
 */
#ifndef SHSHARED_SERVER_HANDLERS_H
#define SHSHARED_SERVER_HANDLERS_H

#include "ipc/wire.h"
#include "os/peercred.h"
#include "server/told.h"
#include "state/thread.h"
#include "status.h"

/* A request, and who makes it: the kernel's word, the connection, and the life as it calls itself. */
struct request {
    struct message message;
    struct credentials who;
    uint64_t connection;
    uint64_t life;
    int fd;      /* -1: it brought none */
    bool *holds; /* something hangs on the connection: set where it comes to be so */
    bool *gave;  /* a segment came by it: the same */
    struct told *told;
};

struct response {
    struct message message;
    int fd; /* the caller's to send and close; -1: none goes along */
};

/* Handle a request; its descriptor is taken over. False: it was a notification, there is no response. */
bool shs__handle_request(struct thread *thread, const struct request *request, struct response *response);

#endif
