/*
 * What this process has of an owner, as a third process: how much, and which mappings are no longer found.
 *
 * There is one for each owner of which it has a connection, or a segment mapped. When a connection ends and it is the
 * last to have the grant, the process says that it needs no number (third_numbers.h). A mapping that was unlinked, and
 * may have views, is kept here, to be found again: a life of a process never maps a segment twice. Two owners that had
 * one pid, one after the other, share a grant: their segments differ in identity.
 *
 * Used by peer.c and peer_call.c for connections, by client.c and registry.c for segments. Under the context's lock,
 * where nothing else is said.
 */
#ifndef SHSHARED_STATE_THIRD_GRANT_H
#define SHSHARED_STATE_THIRD_GRANT_H

#include "block/segment.h"

struct context;

struct third_grant {
    struct third_grant *next;
    shs_pid owner;
    uint32_t uses; /* connections and mappings */
    struct segment *unlinked;
};

/* One for a connection that is about to be made; NULL without memory. Without the lock. */
struct third_grant *shs__third_grant_get(struct context *context, shs_pid owner);

/* The connection ends: is nothing left? NULL is ignored. Without the lock. */
bool shs__third_grant_end(struct context *context, struct third_grant *grant);

/* A segment of the owner is mapped. */
static inline void third_grant_use(struct third_grant *grant, struct segment *segment) {
    segment->grant = grant;
    grant->uses++;
}

/* It is about to be unmapped. */
void shs__third_grant_drop(struct context *context, struct segment *segment);

/* It is no longer found; it is found again. */
void shs__third_grant_keep(struct segment *segment);
void shs__third_grant_take(struct segment *segment);

/* The mapping with this identity among those that are no longer found, or NULL. */
struct segment *shs__third_grant_find(const struct third_grant *grant, uint64_t identity);

#endif
