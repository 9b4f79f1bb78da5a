/*
 * The owner's numbers for third processes. See third_numbers.h.
 */
#include "process/third_numbers.h"

#include "os/process_info.h"
#include "process/context.h"

static struct third_number *find(struct context *context, uint64_t connection) {
    for (uint32_t i = 0; i < SLOT_THIRDS; i++) {
        if (context->thirds.given[i].connection == connection) return &context->thirds.given[i];
    }
    return NULL;
}

static uint32_t bit_of(const struct context *context, const struct third_number *number) {
    return UINT32_C(1) << (number - context->thirds.given);
}

uint32_t shs__third_number_give(struct context *context, uint64_t connection, shs_pid pid) {
    struct third_number *number = find(context, connection);
    if (number == NULL) number = find(context, 0);
    if (number == NULL) return 0;
    *number = (struct third_number){ .connection = connection, .pid = pid };
    return (uint32_t)(number - context->thirds.given) + 1;
}

static bool release_thirds(struct context *context, struct segment *segment, void *bits) {
    (void)context;
    if (segment->role == SEGMENT_OWN || segment->role == SEGMENT_OWNER)
        shs__segment_release_thirds(segment, *(const uint32_t *)bits);
    return true;
}

/* No slot has a trace of these any more before one of them is given again. */
static void free_numbers(struct context *context, uint32_t bits) {
    if (bits == 0) return;
    shs__registry_each(context, release_thirds, &bits);
    context_lock(context);
    for (uint32_t i = 0; i < SLOT_THIRDS; i++) {
        if ((bits >> i & 1u) != 0) context->thirds.given[i].connection = 0;
    }
    context_unlock(context);
}

void shs__third_number_release(struct context *context, uint64_t connection) {
    context_lock(context);
    const struct third_number *number = find(context, connection);
    const uint32_t bits = number == NULL ? 0 : bit_of(context, number);
    context_unlock(context);
    free_numbers(context, bits);
}

void shs__third_number_orphan(struct context *context, uint64_t connection) {
    context_lock(context);
    struct third_number *number = find(context, connection);
    if (number != NULL) number->ended = true;
    context_unlock(context);
}

/* The pids behind numbers whose connection has ended; 0 elsewhere. */
static void copy_orphans(struct context *context, shs_pid pids[SLOT_THIRDS]) {
    context_lock(context);
    for (uint32_t i = 0; i < SLOT_THIRDS; i++) {
        const struct third_number *number = &context->thirds.given[i];
        pids[i] = number->connection != 0 && number->ended ? number->pid : 0;
    }
    context_unlock(context);
}

/* An orphan stays one: nobody but this, in the thread that serves, ends it. */
void shs__third_numbers_reap(struct context *context) {
    shs_pid pids[SLOT_THIRDS];
    uint32_t dead = 0;
    copy_orphans(context, pids);
    for (uint32_t i = 0; i < SLOT_THIRDS; i++) {
        if (pids[i] != 0 && shs__process_info_has_ended(pids[i])) dead |= UINT32_C(1) << i;
    }
    free_numbers(context, dead);
}

void shs__third_numbers_forget(struct context *context) {
    context_lock(context);
    context->thirds = (struct third_numbers){ 0 };
    context_unlock(context);
}
