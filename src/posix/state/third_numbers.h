/*
 * The numbers that an owner gives to third processes; third_grant.h is their side.
 *
 * A third process that looks at blocks leaves a trace in the third word of each slot: the bit of its number. The owner
 * gives one to each connection that asks where a block is, as long as there are some; without one a third process
 * retires every slot that it looks at. A number belongs to its connection. It is free again when the third process says
 * that it has unmapped everything, or when it has died and its bits have been taken off every slot; the end of a
 * connection proves neither. So two mappings never share a number, and neither do two processes.
 *
 * Given by server/handlers.c, ended by server/connection.c; the housekeeping looks for the dead, and so does
 * whoever finds no number left. The owner's table is under the context's lock.
 */
#ifndef SHSHARED_STATE_THIRD_NUMBERS_H
#define SHSHARED_STATE_THIRD_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "block/slot.h"
#include "status.h"

struct context;

struct third_number {
    uint64_t connection; /* to which it was given; 0: it is free */
    shs_pid pid;
    bool orphan; /* the connection has ended */
    bool ending; /* somebody takes its bits off the slots */
};

struct third_numbers {
    struct third_number given[SLOT_THIRDS];
};

/* The number of a connection, from 1; given now where it has none. 0: there is none left. */
uint32_t shs__third_number_give(struct context *context, uint64_t connection, shs_pid pid);

/* The third process has unmapped everything. */
void shs__third_number_release(struct context *context, uint64_t connection);

/* The connection has ended; its number is kept until the process has. */
void shs__third_number_orphan(struct context *context, uint64_t connection);

/* Take what the dead have left off the slots, and free their numbers. */
void shs__third_numbers_reap(struct context *context);

/* Nothing lives here any more that anybody could look at. */
void shs__third_numbers_forget(struct context *context);

#endif
