/*
 * The two processes of a peer on POSIX: fork(), and a socket pair for the letters. The taker ends when the giver does.
 */
#include <unistd.h>

#include "channel.h"
#include "held.h"
#include "pair.h"
#include "support.h"

static int channel = NO_DESCRIPTOR;
static uint32_t pids[2];

enum role pair_split(uint32_t *other) {
    int ends[2];
    channel_make(ends);
    const uint32_t parent = (uint32_t)getpid();
    const pid_t child = fork();
    if (child < 0) fail("fork");
    const enum role role = child != 0 ? GIVER : TAKER;
    *other = role == GIVER ? (uint32_t)child : parent;
    pids[0] = (uint32_t)getpid();
    pids[1] = *other;
    channel = ends[role];
    close(ends[1 - role]);
    return role;
}

void pair_join(int end) { channel = end; }

void pair_send(const struct letter *letter) { channel_send(channel, letter); }

int pair_receive(struct letter *letter) { return channel_receive(channel, letter); }

uint64_t pair_held(void) { return held_bytes(pids, 2); }
