/*
 * What a third process has of an owner. See third_grant.h.
 */
#include "state/third_grant.h"

#include <stdlib.h>

#include "state/context.h"

/* Under the lock. NULL without memory. */
static struct third_grant *find_or_make(struct context *context, shs_pid owner) {
    struct third_grant **first = &context->grants[peer_hash(owner)];
    struct third_grant *grant = *first;
    while (grant != NULL && grant->owner != owner)
        grant = grant->next;
    if (grant != NULL) return grant;
    grant = calloc(1, sizeof *grant);
    if (grant == NULL) return NULL;
    *grant = (struct third_grant){ .next = *first, .owner = owner };
    *first = grant;
    return grant;
}

struct third_grant *shs__third_grant_get(struct context *context, shs_pid owner) {
    context_lock(context);
    struct third_grant *grant = find_or_make(context, owner);
    if (grant != NULL) grant->uses++;
    context_unlock(context);
    return grant;
}

/* One use less: was it the last? */
static bool put(struct context *context, struct third_grant *grant) {
    grant->uses--;
    if (grant->uses > 0) return false;
    struct third_grant **place = &context->grants[peer_hash(grant->owner)];
    while (*place != grant)
        place = &(*place)->next;
    *place = grant->next;
    free(grant);
    return true;
}

bool shs__third_grant_end(struct context *context, struct third_grant *grant) {
    if (grant == NULL) return false;
    context_lock(context);
    const bool last = put(context, grant);
    context_unlock(context);
    return last;
}

void shs__third_grant_drop(struct context *context, struct segment *segment) {
    shs__third_grant_take(segment);
    (void)put(context, segment->grant);
    segment->grant = NULL;
}

void shs__third_grant_keep(struct segment *segment) {
    segment->next_unlinked = segment->grant->unlinked;
    segment->grant->unlinked = segment;
}

void shs__third_grant_take(struct segment *segment) {
    struct segment **place = &segment->grant->unlinked;
    while (*place != segment)
        place = &(*place)->next_unlinked;
    *place = segment->next_unlinked;
}

struct segment *shs__third_grant_find(const struct third_grant *grant, uint64_t identity) {
    struct segment *segment = grant->unlinked;
    while (segment != NULL && segment->identity != identity)
        segment = segment->next_unlinked;
    return segment;
}
