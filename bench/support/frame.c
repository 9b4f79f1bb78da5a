/*
 * The frame around a peer: two processes, whole cycles, and the time that they take.
 *
 * main() of every peer program. It is told on the command line the largest size that will be asked for and, at will,
 * how many blocks shall live beside those that are measured. The giver then answers the runner: "SIZE COUNT" in,
 * the nanoseconds of COUNT whole cycles out. "0 1" begins a tail: from then on single cycles are timed, too,
 * and after each question the memory is looked at that both processes have.
 */
#include <stdlib.h>

#include "answer.h"
#include "cycle.h"
#include "pair.h"
#include "peer.h"
#include "support.h"
#include "tail.h"

#define LIVE_SIZE 64

struct crowd bench_crowd = { .givers = 1 };

static int has_tail;

static void begin_tail(void) {
    has_tail = 1;
    tail_forget();
}

static void answer_question(size_t size, uint64_t count) {
    struct answer answer = { .nanoseconds = 0 };
    if (size == 0)
        begin_tail();
    else
        answer.nanoseconds = cycle_give(size, count, has_tail ? tail_add : NULL);
    if (size != 0 && has_tail) answer.held = cycle_look(size);
    answer.tail = tail_read();
    answer_write(&answer);
}

static void answer_questions(void) {
    size_t size = 0;
    uint64_t count = 0;
    while (next_question(&size, &count))
        answer_question(size, count);
}

/* Blocks that nobody takes: they live until the processes end. */
static void give_live_blocks(uint64_t count) {
    void *source = filled_memory(LIVE_SIZE);
    for (uint64_t i = 0; i < count; i++) {
        struct letter letter = { .size = LIVE_SIZE, .descriptor = NO_DESCRIPTOR };
        bench_peer.give(source, LIVE_SIZE, &letter);
    }
    free(source);
}

/* The giver may begin when the taker has entered. */
static void meet(enum role role) {
    struct letter ready = { .descriptor = NO_DESCRIPTOR };
    if (role == TAKER) pair_send(&ready);
    if (role == GIVER && !pair_receive(&ready)) fail("the taker has ended");
}

static void take_blocks(void) {
    while (cycle_take())
        continue;
}

int main(int argc, char **argv) {
    if (argc < 2) fail("usage: peer LARGEST [LIVE]");
    const size_t largest = (size_t)parse_number(argv[1]);
    if (bench_peer.prepare != NULL) bench_peer.prepare(largest);
    uint32_t other = 0;
    const enum role role = pair_split(&other);
    if (bench_peer.enter != NULL) bench_peer.enter(role, other, largest);
    meet(role);
    if (role == TAKER) {
        take_blocks();
        return EXIT_SUCCESS;
    }
    cycle_begin(largest);
    if (argc > 2) give_live_blocks(parse_number(argv[2]));
    answer_questions();
    return EXIT_SUCCESS;
}
