/*
 * The owner's numbers for third processes. See third_numbers.h.
 */
#include "state/third_numbers.h"

#include "os/process_info.h"
#include "state/context.h"

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
    uint32_t given = 0;
    context_lock(context);
    struct third_number *number = find(context, connection);
    if (number == NULL) number = find(context, 0);
    if (number != NULL && number->connection == 0)
        *number = (struct third_number){ .connection = connection, .pid = pid };
    if (number != NULL) given = (uint32_t)(number - context->thirds.given) + 1;
    context_unlock(context);
    return given;
}

static bool release_thirds(struct context *context, struct segment *segment, void *bits) {
    (void)context;
    if (segment->role == SEGMENT_OWN || segment->role == SEGMENT_OWNER)
        shs__segment_release_thirds(segment, *(const uint32_t *)bits);
    return true;
}

/* Numbers that end now. Whoever ends one claims it first, so that nobody ends what was given again meanwhile. */
struct ending {
    uint32_t bits;
};

static void claim(const struct context *context, struct third_number *number, struct ending *ending) {
    if (number == NULL || number->ending) return;
    number->ending = true;
    ending->bits |= bit_of(context, number);
}

/* No slot has a trace of these any more before one of them is given again. Without the lock. */
static void finish(struct context *context, struct ending *ending) {
    if (ending->bits == 0) return;
    shs__registry_each(context, release_thirds, &ending->bits);
    context_lock(context);
    for (uint32_t i = 0; i < SLOT_THIRDS; i++) {
        if ((ending->bits >> i & 1u) != 0) context->thirds.given[i] = (struct third_number){ .connection = 0 };
    }
    context_unlock(context);
}

void shs__third_number_release(struct context *context, uint64_t connection) {
    struct ending ending = { 0 };
    context_lock(context);
    claim(context, find(context, connection), &ending);
    context_unlock(context);
    finish(context, &ending);
}

void shs__third_number_orphan(struct context *context, uint64_t connection) {
    context_lock(context);
    struct third_number *number = find(context, connection);
    if (number != NULL) number->orphan = true;
    context_unlock(context);
}

/* Numbers whose connection has ended and whose process is proved to have; a system call for each. */
void shs__third_numbers_reap(struct context *context) {
    struct ending ending = { 0 };
    for (uint32_t i = 0; i < SLOT_THIRDS; i++) {
        struct third_number *number = &context->thirds.given[i];
        context_lock(context);
        const struct third_number seen = *number;
        context_unlock(context);
        if (seen.connection == 0 || !seen.orphan || !shs__process_info_has_ended(seen.pid)) continue;
        context_lock(context);
        if (number->connection == seen.connection) claim(context, number, &ending);
        context_unlock(context);
    }
    finish(context, &ending);
}

void shs__third_numbers_forget(struct context *context) {
    context_lock(context);
    context->thirds = (struct third_numbers){ 0 };
    context_unlock(context);
}
