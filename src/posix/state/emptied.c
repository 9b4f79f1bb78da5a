/*
 * Segments that have lost their last block, and who is to be told. See emptied.h.
 */
#include "state/emptied.h"

#include <stdlib.h>

#include "state/context.h"
#include "state/wakeup.h"

#define NOTICES_MOST 1024u

static void address(struct emptied_notice *notice, uint64_t connection, uint64_t teller) {
    if (connection != 0 && connection != teller) notice->connections[notice->count++] = connection;
}

/* The giver, and the third processes that looked the segment up. */
static void address_all(const struct context *context, struct emptied_notice *notice, const struct segment *segment,
                        uint64_t teller) {
    address(notice, segment->connection, teller);
    const struct third_life *life = segment->lookers == 0 ? NULL : context->thirds.lives;
    for (; life != NULL; life = life->next) {
        if ((segment->lookers & third_bit(life->number)) != 0) address(notice, life->asker.connection, teller);
    }
}

void shs__emptied_add(struct context *context, const struct segment *segment, uint64_t teller) {
    struct emptied_queue *list = &context->emptied;
    struct emptied_notice found = { .base = segment->base };
    address_all(context, &found, segment, teller);
    if (found.count == 0 || list->count == NOTICES_MOST) return;
    struct emptied_notice *notice = malloc(sizeof *notice);
    if (notice == NULL) return;
    *notice = found;
    *(list->first == NULL ? &list->first : &list->last->next) = notice;
    list->last = notice;
    if (list->count++ == 0) shs__wakeup_send(context);
}

struct emptied_notice *shs__emptied_take(struct context *context) {
    struct emptied_queue *list = &context->emptied;
    context_lock(context);
    struct emptied_notice *notice = list->first;
    if (notice != NULL) {
        list->first = notice->next;
        list->count--;
    }
    context_unlock(context);
    return notice;
}
