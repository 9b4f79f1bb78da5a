/*
 * The processes of a relay and the channels between them.
 */
#ifndef BENCH_TEAM_H
#define BENCH_TEAM_H

#include "relay.h"

#define TEAM_HELPERS_MOST (CROWD_MOST + 1) /* processes beside the producer */

/* One process's place in the team. Number 0 is the producer; the others count from 1. */
struct team {
    unsigned number;
    unsigned count;                       /* of processes */
    uint32_t pids[1 + TEAM_HELPERS_MOST]; /* complete in the producer; a helper knows itself and those after it */
    uint32_t owner;
    unsigned ways; /* the producer of a star has a channel for each helper, everybody else one */
    int in[TEAM_HELPERS_MOST];
    int out[TEAM_HELPERS_MOST];
};

/* Become as many as the pattern wants: returns in all of them. A helper ends when those before it have. */
void team_split(const struct pattern *pattern, struct team *team);

#endif
