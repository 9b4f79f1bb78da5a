/*
 * What the agent answers: one function for each kind of question.
 */
#ifndef SHSHARED_SERVER_HANDLERS_H
#define SHSHARED_SERVER_HANDLERS_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "ipc/wire.h"
#include "os/peercred.h"

struct segment;
struct context;

/* Who asks: the kernel's word, and the connection. */
struct requester {
    struct credentials who;
    uint64_t connection;
};

/*
 * Answer a question, which may have brought a descriptor (taken over). False: there is no answer to send. answer_fd is
 * the caller's to send and close, -1 where none goes along.
 */
bool handle_request(struct context *context, const struct requester *requester, const struct message *request, int fd,
                    struct message *response, int *response_fd);

/* What the owner does for a peer it also does for itself. Under the world's lock. */

/* Give a new segment numbers, and its words their first state. On failure it is closed. */
shs_status owner_register(struct context *context, struct segment *segment);

/* A block of another segment, by the object of its data. */
struct mapping {
    uint64_t offset; /* of its first byte */
    uint64_t size;
    shs_access access;
    shs_pid giver;
};

/* Let somebody keep the memory of a block that lives here: its slot is never used again. The caller closes fd. */
shs_status owner_export(struct context *context, shs_handle handle, struct mapping *passed, int *fd);

/* Make a handle for it. fd is taken over. */
shs_status owner_import(struct context *context, const struct mapping *mapping, int fd, uint32_t *handle);

#endif
