/*
 * Relay, floor: the letters alone, with no block at all.
 */
#include "relay.h"

const struct relay_peer relay_peer = { .empty = 1 };
