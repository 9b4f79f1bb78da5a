/*
 * Blocks that several processes hand on, filled in place, by every way there is to do it; and the ways to fill a block
 * and to own it.
 */
#ifndef BENCH_RELAYS_H
#define BENCH_RELAYS_H

#include "contest.h"
#include "relay.h"
#include "settings.h"

enum relay_set { RELAYS_PIPELINE, RELAYS_BROADCAST_2, RELAYS_BROADCAST_8, RELAYS_FILL, RELAYS_OWNER, RELAY_SETS };

/* Who competes in the first three sets, in this order. The letters alone come last: only small sizes have them. */
enum { RELAY_SHSHARED, RELAY_KEPT, RELAY_POOL, RELAY_MEMFD, RELAY_BOOST, RELAY_PINGPONG };

#define RELAY_ENTRIES_MOST 6
#define RELAY_SIZES_MOST 5

struct relay_sizes {
    size_t sizes[RELAY_SIZES_MOST];
    size_t count;
};

struct relays {
    struct contestant results[RELAY_SETS][RELAY_SIZES_MOST][RELAY_ENTRIES_MOST];
};

void relays_measure(const struct settings *settings, struct relays *relays);

const char *relays_title(enum relay_set set);
const struct relay_sizes *relays_sizes(enum relay_set set);

/* Who is the entry of the set? NULL where there are no more. */
const char *relays_entry_title(enum relay_set set, size_t entry);

/* Its result; nothing in it where it was not measured. */
const struct contestant *relays_find(const struct relays *relays, enum relay_set set, size_t size, size_t entry);

#endif
