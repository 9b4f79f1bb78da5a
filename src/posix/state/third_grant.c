/*
 * What a third process has of an owner. See third_grant.h.
 */
#include "state/third_grant.h"

#include <stdlib.h>

struct third_grant *shs__third_grant_new(void) {
    struct third_grant *grant = calloc(1, sizeof *grant);
    if (grant != NULL) atomic_init(&grant->uses, 1);
    return grant;
}

void shs__third_grant_put(struct third_grant *grant) {
    if (grant != NULL && atomic_fetch_sub(&grant->uses, 1) == 1) free(grant);
}
