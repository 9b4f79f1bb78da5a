/*
 * What a process was told last by its connection, as long as it may not have heard of it.
 *
 * A response can be lost with its connection, or come when nobody waits for it any more. What it told of is then undone
 * (a segment, a handle: nobody knows of them) or remembered (a handle that was closed: the question comes again). A
 * handle for a block of another process counts as heard of when KEEP says so, as whoever asked may tell others of it
 * and end; everything else when the next request comes. Called by connection.c and handlers.c, by whoever answers. What
 * is remembered is the server's.
 */
#ifndef SHSHARED_SERVER_TOLD_H
#define SHSHARED_SERVER_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "ipc/wire.h"
#include "status.h"

struct context;
struct request;

/* The last one on a connection. */
struct told {
    enum wire_kind kind; /* ADD_SEGMENT, IMPORT, FREE; another one, or 0: there is nothing to undo or to remember */
    uint32_t serial;     /* of the request */
    uint64_t number;     /* the segment's base; the handle; or the question's number */
    uint64_t connection;
    shs_pid pid;
};

/* Handles that were closed for somebody who may not know it: the latest few. */
struct told_frees {
    struct told_free {
        shs_pid pid;
        uint64_t question; /* 0: none */
    } latest[32];
    unsigned next;
};

/* Must KEEP come next? */
static inline bool told_is_open(const struct told *told) { return told->kind == WIRE_IMPORT; }

/* A message is about to be handled: what should have been kept is not where it is another one, and whoever makes a
 * request has heard of everything else that was told before. */
void shs__told_begin(struct context *context, const struct request *request, bool is_notification);

/* It was handled well, and made or ended what has this number. */
void shs__told_note(const struct request *request, uint64_t number);

/* Nobody has heard of it, and nobody will. */
void shs__told_lost(struct context *context, struct told *told);

/* Was this request to close a handle granted before, and not heard of? */
bool shs__told_before(struct context *context, const struct request *request);

#endif
