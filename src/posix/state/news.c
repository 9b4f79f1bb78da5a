/*
 * News for others about segments of this process. See news.h.
 */
#include "state/news.h"

#include <stdlib.h>

#include "state/bell.h"
#include "state/context.h"

#define NEWS_MOST 1024u

static void address(struct news *news, uint64_t connection, uint64_t teller) {
    if (connection != 0 && connection != teller) news->connections[news->count++] = connection;
}

/* The giver, and the third processes that looked the segment up. */
static void address_all(const struct context *context, struct news *news, const struct segment *segment,
                        uint64_t teller) {
    address(news, segment->connection, teller);
    const struct third_life *life = segment->lookers == 0 ? NULL : context->thirds.lives;
    for (; life != NULL; life = life->next) {
        if ((segment->lookers & third_bit(life->number)) != 0) address(news, life->asker.connection, teller);
    }
}

void shs__news_add(struct context *context, const struct segment *segment, uint64_t teller) {
    struct news_list *list = &context->news;
    struct news found = { .base = segment->base };
    address_all(context, &found, segment, teller);
    if (found.count == 0 || list->count == NEWS_MOST) return;
    struct news *news = malloc(sizeof *news);
    if (news == NULL) return;
    *news = found;
    *(list->first == NULL ? &list->first : &list->last->next) = news;
    list->last = news;
    if (list->count++ == 0) shs__bell_ring(context);
}

struct news *shs__news_take(struct context *context) {
    struct news_list *list = &context->news;
    context_lock(context);
    struct news *news = list->first;
    if (news != NULL) {
        list->first = news->next;
        list->count--;
    }
    context_unlock(context);
    return news;
}
