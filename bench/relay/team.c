/*
 * The processes of a relay: fork(), and a socket pair for each step of a chain, or each helper of a star.
 *
 * The last helper is made first, as the others must know its pid when it is the owner. Each process closes all ends
 * that are not its own: so whoever waits notices the end of those before it.
 */
#include "team.h"

#include <unistd.h>

#include "channel.h"
#include "support.h"

static int links[1 + TEAM_HELPERS_MOST][2];

static void make_links(unsigned count) {
    for (unsigned i = 0; i < count; i++)
        channel_make(links[i]);
}

static void close_others(const struct team *team, unsigned count) {
    for (unsigned i = 0; i < 2 * count; i++) {
        const int end = links[i / 2][i % 2];
        int mine = 0;
        for (unsigned way = 0; way < team->ways; way++)
            mine |= end == team->in[way] || end == team->out[way];
        if (!mine) close(end);
    }
}

static unsigned fork_helpers(struct team *team) {
    team->pids[0] = (uint32_t)getpid();
    for (unsigned number = team->count - 1; number > 0; number--) {
        const pid_t child = fork();
        if (child < 0) fail("fork");
        team->pids[number] = child != 0 ? (uint32_t)child : (uint32_t)getpid();
        if (child == 0) return number;
    }
    return 0;
}

/* Link i is the way from process i to the next one; the last one's leads to the producer. */
static void take_chain_ends(struct team *team) {
    const unsigned before = (team->number + team->count - 1) % team->count;
    team->ways = 1;
    team->in[0] = links[before][1];
    team->out[0] = links[team->number][0];
}

/* Link i is between the producer and helper i + 1. */
static void take_star_ends(struct team *team) {
    team->ways = team->number == 0 ? team->count - 1 : 1;
    for (unsigned way = 0; way < team->ways; way++)
        team->in[way] = team->out[way] = team->number == 0 ? links[way][0] : links[team->number - 1][1];
}

void team_split(const struct pattern *pattern, struct team *team) {
    *team = (struct team){ .count = 1 + pattern->helpers };
    const unsigned link_count = pattern->star ? pattern->helpers : team->count;
    make_links(link_count);
    team->number = fork_helpers(team);
    team->owner = team->pids[pattern->producer_owns ? 0 : team->count - 1];
    if (pattern->star)
        take_star_ends(team);
    else
        take_chain_ends(team);
    close_others(team, link_count);
}
