/*
 * The frame around a peer with many givers: so many processes that run whole cycles with one owner at once.
 *
 * main() of every crowd program. It is told on the command line the largest size that will be asked for and the number
 * of givers. The conductor, who is none of them, answers the runner: "SIZE COUNT" in; out come the nanoseconds of COUNT
 * cycles of all givers together, the processor time that all processes took for them, and the times below which single
 * cycles stayed since "0 1" was asked.
 */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "answer.h"
#include "busy.h"
#include "channel.h"
#include "cycle.h"
#include "diary.h"
#include "pair.h"
#include "peer.h"
#include "questions.h"
#include "support.h"
#include "tail.h"
#include "team.h"

struct crowd bench_crowd;

static struct team team;
static int links[CROWD_MOST][2]; /* for each giver: its end, and the owner's */

/* ---- a giver ---- */

static void note(uint64_t nanoseconds) { diary_add(bench_crowd.giver, nanoseconds); }

/* An order says the size, and as its handle how many cycles. */
static void give_blocks(size_t largest) {
    struct letter order;
    pair_join(links[bench_crowd.giver][GIVER]);
    cycle_begin(largest);
    while (channel_receive(team.in[0], &order)) {
        cycle_give((size_t)order.size, order.handle, note);
        channel_send(team.out[0], &order);
    }
}

/* ---- the owner ---- */

static int serve_giver(unsigned giver) {
    bench_crowd.giver = giver;
    pair_join(links[giver][TAKER]);
    return cycle_take();
}

static void take_blocks(void) {
    const struct letter ready = { .descriptor = NO_DESCRIPTOR };
    struct pollfd waiting[CROWD_MOST];
    for (unsigned i = 0; i < bench_crowd.givers; i++)
        waiting[i] = (struct pollfd){ .fd = links[i][TAKER], .events = POLLIN };
    channel_send(team.out[0], &ready);
    for (unsigned there = bench_crowd.givers; there > 0;) {
        if (poll(waiting, bench_crowd.givers, -1) < 0) fail("poll");
        for (unsigned i = 0; i < bench_crowd.givers; i++)
            if (waiting[i].revents != 0 && !serve_giver(i)) {
                waiting[i].fd = NO_DESCRIPTOR;
                there--;
            }
    }
}

/* ---- the conductor ---- */

static void hear(unsigned helper) {
    struct letter answer;
    if (!channel_receive(team.in[helper], &answer)) fail("a process has ended");
}

/* The nanoseconds from the first order to the last answer. */
static uint64_t conduct(size_t size, uint64_t share) {
    const struct letter order = { .size = size, .handle = share, .descriptor = NO_DESCRIPTOR };
    const uint64_t begin = clock_now();
    for (unsigned i = 0; i < bench_crowd.givers; i++)
        channel_send(team.out[i], &order);
    for (unsigned i = 0; i < bench_crowd.givers; i++)
        hear(i);
    return clock_now() - begin;
}

/* All have the same share of the cycles, which is rounded up; the times are for as many as were asked for. */
static void answer_question(size_t size, uint64_t count) {
    const uint64_t share = (count + bench_crowd.givers - 1) / bench_crowd.givers;
    struct answer answer = { .nanoseconds = 0 };
    const uint64_t before = busy_nanoseconds(team.pids, team.count);
    const uint64_t nanoseconds = conduct(size, share);
    const uint64_t busy = busy_nanoseconds(team.pids, team.count) - before;
    answer.nanoseconds = nanoseconds * count / (share * bench_crowd.givers);
    answer.busy = busy * count / (share * bench_crowd.givers);
    diary_read(tail_add);
    answer.tail = tail_read();
    answer_write(&answer);
}

static void answer_questions(void) {
    hear(bench_crowd.givers);
    questions_answer(answer_question);
}

/* ---- who is who ---- */

/* Everybody keeps the ends of its own, so that the owner notices that a giver has ended. */
static void close_others(int is_owner) {
    for (unsigned i = 0; i < bench_crowd.givers; i++) {
        if (!is_owner) close(links[i][TAKER]);
        if (is_owner || team.number != i + 1) close(links[i][GIVER]);
    }
}

/* The conductor is number 0 and the owner, whom all givers must know, the last. */
static void play(size_t largest) {
    const int is_owner = team.number == bench_crowd.givers + 1;
    close_others(is_owner);
    if (team.number == 0) {
        answer_questions();
        return;
    }
    if (!is_owner) bench_crowd.giver = team.number - 1;
    if (bench_peer.enter != NULL) bench_peer.enter(is_owner ? TAKER : GIVER, team.owner, largest);
    if (is_owner)
        take_blocks();
    else
        give_blocks(largest);
}

int main(int argc, char **argv) {
    if (argc < 3) fail("usage: crowd LARGEST GIVERS");
    const size_t largest = (size_t)parse_number(argv[1]);
    bench_crowd.givers = (unsigned)parse_number(argv[2]);
    if (bench_crowd.givers == 0 || bench_crowd.givers > CROWD_MOST) fail("GIVERS");
    if (bench_peer.prepare != NULL) bench_peer.prepare(largest);
    diary_make(bench_crowd.givers);
    for (unsigned i = 0; i < bench_crowd.givers; i++)
        channel_make(links[i]);
    const struct pattern everybody = { .helpers = bench_crowd.givers + 1, .star = 1 };
    team_split(&everybody, &team);
    play(largest);
    return EXIT_SUCCESS;
}
