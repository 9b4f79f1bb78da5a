/*
 * The owner's numbers for third processes. See third_numbers.h.
 */
#include "state/third_numbers.h"

#include <stdlib.h>

#include "os/errno_status.h"
#include "os/process_info.h"
#include "state/context.h"

/* Lives that are known at once: more are refused. A process could call itself by another one each time. */
#define LIVES_MOST (1u << 14)

/* ---- giving; under the lock ---- */

static struct third_life *find(const struct third_numbers *thirds, const struct third_asker *asker) {
    struct third_life *life = thirds->lives;
    while (life != NULL && (life->asker.pid != asker->pid || life->asker.life != asker->life))
        life = life->next;
    return life;
}

/* Who asks, known from now on. NULL without memory. */
static struct third_life *find_or_make(struct third_numbers *thirds, const struct third_asker *asker) {
    struct third_life *life = find(thirds, asker);
    if (life == NULL) {
        life = thirds->count < LIVES_MOST ? calloc(1, sizeof *life) : NULL;
        if (life == NULL) return NULL;
        thirds->count++;
        *life = (struct third_life){ .next = thirds->lives, .asker = *asker };
        thirds->lives = life;
    }
    if (life->asker.connection < asker->connection) { /* an older one may be heard late */
        life->asker.connection = asker->connection;
        life->orphan = false;
    }
    return life;
}

/* The least that is free; 0: none. */
static uint32_t take_number(struct third_numbers *thirds) {
    for (uint32_t number = 1; number <= SLOT_THIRDS; number++) {
        if ((thirds->taken & third_bit(number)) != 0) continue;
        thirds->taken |= third_bit(number);
        return number;
    }
    return 0;
}

static uint32_t give(struct third_numbers *thirds, struct third_life *life) {
    if (life->number == 0) life->number = take_number(thirds);
    if (life->number == 0 && !life->unnumbered) {
        life->unnumbered = true;
        thirds->unnumbered++;
    }
    return life->number;
}

/* Is there a number for who asks? Without the lock. */
static bool is_left(struct context *context, const struct third_asker *asker) {
    context_lock(context);
    const struct third_life *life = find(&context->thirds, asker);
    const bool left = context->thirds.taken != UINT32_MAX || (life != NULL && life->number != 0);
    context_unlock(context);
    return left;
}

/* Where none is left, those of processes that were killed since the last housekeeping are. */
shs_status shs__third_number_give(struct context *context, const struct third_asker *asker, uint32_t *number) {
    if (!is_left(context, asker)) shs__third_numbers_reap(context);
    context_lock(context);
    struct third_life *life = find_or_make(&context->thirds, asker);
    if (life != NULL) *number = give(&context->thirds, life);
    context_unlock(context);
    return life == NULL ? status_local(SHS_E_NO_MEMORY) : SHS_OK;
}

/* ---- ends ---- */

/* Who has asked last by a connection, or NULL. Under the lock. */
static struct third_life **place_of(struct third_numbers *thirds, uint64_t connection) {
    struct third_life **place = &thirds->lives;
    while (*place != NULL && (*place)->asker.connection != connection)
        place = &(*place)->next;
    return *place == NULL ? NULL : place;
}

/* Forget a life, of which nothing is mapped any more; its number is not yet free. Under the lock. */
static struct third_life *take_out(struct third_numbers *thirds, struct third_life **place) {
    struct third_life *life = *place;
    *place = life->next;
    thirds->count--;
    if (life->unnumbered) thirds->unnumbered--;
    return life;
}

static bool release_thirds(struct context *context, struct segment *segment, void *bit) {
    (void)context;
    if (segment_is_owned(segment)) shs__segment_release_thirds(segment, *(const uint32_t *)bit);
    return true;
}

/* What is counted was left by the dead, until somebody without a number comes again. */
static bool forgive_unnumbered(struct context *context, struct segment *segment, void *unused) {
    (void)unused;
    if (context->thirds.unnumbered > 0) return false;
    if (segment_is_owned(segment)) shs__segment_forgive_unnumbered(segment);
    return true;
}

/* No slot has a trace of a life any more before its number is given again. Without the lock. */
static void finish(struct context *context, struct third_life *life) {
    uint32_t bit = third_bit(life->number);
    if (bit != 0) shs__registry_each(context, release_thirds, &bit);
    if (life->unnumbered) shs__registry_each(context, forgive_unnumbered, NULL);
    context_lock(context);
    context->thirds.taken &= ~bit;
    context_unlock(context);
    free(life);
}

void shs__third_number_release(struct context *context, uint64_t connection) {
    struct third_life *life = NULL;
    context_lock(context);
    struct third_life **place = place_of(&context->thirds, connection);
    if (place != NULL) life = take_out(&context->thirds, place);
    context_unlock(context);
    if (life != NULL) finish(context, life);
}

void shs__third_number_orphan(struct context *context, uint64_t connection) {
    context_lock(context);
    struct third_life **place = place_of(&context->thirds, connection);
    if (place != NULL) (*place)->orphan = true;
    context_unlock(context);
}

/* ---- the dead ---- */

/* An orphan that was not looked at in this round. */
static bool take_suspect(struct context *context, uint64_t round, struct third_asker *suspect) {
    context_lock(context);
    struct third_life *life = context->thirds.lives;
    while (life != NULL && (!life->orphan || life->round >= round))
        life = life->next;
    if (life != NULL) {
        life->round = round;
        *suspect = life->asker;
    }
    context_unlock(context);
    return life != NULL;
}

/* A process that has ended unmapped everything. A system call for each suspect. */
void shs__third_numbers_reap(struct context *context) {
    struct third_asker suspect;
    context_lock(context);
    const uint64_t round = ++context->thirds.round;
    context_unlock(context);
    while (take_suspect(context, round, &suspect)) {
        if (shs__process_info_has_ended(suspect.pid)) shs__third_number_release(context, suspect.connection);
    }
}

void shs__third_numbers_forget(struct context *context) {
    context_lock(context);
    struct third_life *life = context->thirds.lives;
    context->thirds = (struct third_numbers){ 0 };
    context_unlock(context);
    for (struct third_life *next; life != NULL; life = next) {
        next = life->next;
        free(life);
    }
}
