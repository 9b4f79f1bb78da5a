/*
 * The patterns by which blocks are handed on.
 */
#include <string.h>

#include "relay.h"
#include "support.h"

static const struct pattern patterns[] = {
    { .name = "stream", .helpers = 1 },
    { .name = "stream-fetched", .helpers = 1, .producer_owns = 1 },
    { .name = "stream-lent", .helpers = 1, .producer_owns = 1, .producer_frees = 1 },
    { .name = "pipeline", .helpers = 2 },
    { .name = "pipeline-lent", .helpers = 2, .producer_owns = 1, .producer_frees = 1 },
    { .name = "broadcast-2", .helpers = 2, .star = 1, .producer_owns = 1, .producer_frees = 1 },
    { .name = "broadcast-8", .helpers = 8, .star = 1, .producer_owns = 1, .producer_frees = 1 },
};

const struct pattern *pattern_find(const char *name) {
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (strcmp(patterns[i].name, name) == 0) return &patterns[i];
    fail(name);
}
