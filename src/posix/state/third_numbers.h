/*
 * The numbers that an owner gives to third processes; third_grant.h is their side.
 *
 * A third process that looks at blocks leaves a trace in the third word of each slot: the bit of its number. The owner
 * gives one to each life of a process that asks where a block is, by whatever connection, as long as there are some;
 * those for which none is left are counted in the state word (slot.h). What is known of a life ends when it says that
 * it has unmapped everything, or when its process has died; the end of a connection proves neither. Then its bit is
 * taken off every slot, and its number is free; and when nobody without a number is left, the counts are cleared.
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

/* Who asks: a life of a process, which knows itself by a random number, and by which of its connections. Later ones
 * have greater numbers. */
struct third_asker {
    shs_pid pid;
    uint64_t life;
    uint64_t connection;
};

struct third_life {
    struct third_life *next;
    struct third_asker asker; /* by the newest connection on which it did */
    uint32_t number;          /* from 1; 0: it has none */
    uint64_t round;           /* in which it was last looked at */
    bool orphan;              /* that connection has ended */
    bool unnumbered;          /* it may have mappings without a number */
};

struct third_numbers {
    struct third_life *lives;
    uint32_t count;
    uint32_t taken;      /* a bit for each number that is not free */
    uint32_t unnumbered; /* lives that may have mappings without one */
    uint64_t round;
};

/* Of the number of a life, in third words; 0: it has none. */
static inline uint32_t third_bit(uint32_t number) { return number == 0 ? 0 : UINT32_C(1) << (number - 1); }

/* The number of who asks, from 1; given now where it has none. 0: there is none left. */
shs_status shs__third_number_give(struct context *context, const struct third_asker *asker, uint32_t *number);

/* A third process has unmapped everything, as it says by this connection. If it has asked by a newer one since, it had
 * not yet when it said so. */
void shs__third_number_release(struct context *context, uint64_t connection);

/* The connection has ended; what is known of the process is kept until it has. */
void shs__third_number_orphan(struct context *context, uint64_t connection);

/* Take what the dead have left off the slots, and free their numbers. */
void shs__third_numbers_reap(struct context *context);

/* Nothing lives here any more that anybody could look at. */
void shs__third_numbers_forget(struct context *context);

#endif
