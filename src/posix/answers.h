/*
 * What the agent answers: one function for each kind of question.
 */
#ifndef SHSHARED_POSIX_ANSWERS_H
#define SHSHARED_POSIX_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "peercred.h"
#include "wire.h"

struct segment;
struct world;

/* Who asks: the kernel's word, and the connection. */
struct asker {
    struct credentials who;
    uint64_t link;
};

/*
 * Answer a question, which may have brought a descriptor (taken over). False: there is no answer to send. answer_fd is
 * the caller's to send and close, -1 where none goes along.
 */
bool answer_question(struct world *world, const struct asker *asker, const struct frame *question, int fd,
                     struct frame *answer, int *answer_fd);

/* What the owner does for a peer it also does for itself. Under the world's lock. */

/* Give a new segment numbers, and its words their first state. On failure it is closed. */
shs_status answers_take_in(struct world *world, struct segment *segment);

/* A block of another segment, by the object of its data. */
struct mapping {
    uint64_t offset; /* of its first byte */
    uint64_t size;
    shs_access access;
    shs_pid giver;
};

/* Let somebody keep the memory of a block that lives here: its slot is never used again. The caller closes fd. */
shs_status answers_pass_on(struct world *world, shs_handle handle, struct mapping *passed, int *fd);

/* Make a handle for it. fd is taken over. */
shs_status answers_map(struct world *world, const struct mapping *mapping, int fd, uint32_t *handle);

#endif
