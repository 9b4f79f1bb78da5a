/*
 * What a third process has of an owner: the number by which its views are accounted for (third_numbers.h).
 *
 * One hangs on each connection to a peer. It is kept by the connection and by every segment that is mapped with its
 * number, so that the number is given back only when nothing is: by peer.c, with the end of the connection. Kept by
 * peer.c, client.c and registry.c; the count needs no lock.
 */
#ifndef SHSHARED_STATE_THIRD_GRANT_H
#define SHSHARED_STATE_THIRD_GRANT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct third_grant {
    _Atomic uint32_t uses;
    uint32_t unlinked; /* mappings that are no longer found, and may have views; under the context's lock */
};

/* One for a new connection; NULL without memory. */
struct third_grant *shs__third_grant_new(void);

static inline struct third_grant *third_grant_get(struct third_grant *grant) {
    (void)atomic_fetch_add(&grant->uses, 1);
    return grant;
}

/* NULL is ignored. */
void shs__third_grant_put(struct third_grant *grant);

/* The connection ends: is it the last to keep the grant, so that the number can be given back? The owner may have given
 * one in a response that never came. */
static inline bool third_grant_is_unused(struct third_grant *grant) { return atomic_load(&grant->uses) == 1; }

#endif
