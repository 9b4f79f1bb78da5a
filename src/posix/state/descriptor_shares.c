/*
 * The shares of the descriptor limit. See descriptor_shares.h.
 */
#include "state/descriptor_shares.h"

#include <limits.h>
#include <sys/resource.h>

#define PEERS_PART 8
#define CONNECTIONS_PART 8
#define CONNECTIONS_LEAST 4 /* whoever has few descriptors can be talked to all the same */
#define SEGMENTS_PART 2

static unsigned share(unsigned part) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return INT_MAX;
    return limit.rlim_cur / part > INT_MAX ? INT_MAX : (unsigned)(limit.rlim_cur / part);
}

unsigned shs__descriptor_share_peers(void) { return share(PEERS_PART); }

unsigned shs__descriptor_share_connections(void) {
    const unsigned connections = share(CONNECTIONS_PART);
    return connections < CONNECTIONS_LEAST ? CONNECTIONS_LEAST : connections;
}

unsigned shs__descriptor_share_segments(void) { return share(SEGMENTS_PART); }
