/*
 * The frame around a peer: two processes, whole cycles, and the time that they take.
 *
 * main() of every peer program. It is told on the command line the largest size that will be asked for and, at will,
 * how many blocks shall live beside those that are measured. The giver then answers the runner: "SIZE COUNT" in,
 * the nanoseconds of COUNT whole cycles out. "0 1" begins a tail: from then on single cycles are timed, too.
 *
 * Every cycle is checked: the giver changes a word of its data and expects the sum of these very bytes from the taker.
 */
#include <stdlib.h>

#include "answer.h"
#include "pair.h"
#include "peer.h"
#include "support.h"
#include "tail.h"

#define LIVE_SIZE 64
#define COLD_CYCLES 8 /* the first ones of a question bring their data back into the caches: no part of a tail */

static uint64_t *source;
static size_t largest;
static int has_tail;

static void take_blocks(void) {
    struct letter letter;
    while (pair_receive(&letter)) {
        struct letter answer = { .size = bench_peer.take(&letter), .descriptor = NO_DESCRIPTOR };
        pair_send(&answer);
    }
}

static void run_cycle(size_t size, uint64_t expected) {
    struct letter letter = { .size = size, .descriptor = NO_DESCRIPTOR };
    struct letter answer;
    bench_peer.give(source, size, &letter);
    pair_send(&letter);
    if (bench_peer.pour != NULL) bench_peer.pour(source, size);
    if (!pair_receive(&answer)) fail("the taker has ended");
    if (!bench_peer.empty && answer.size != expected) fail("the taker saw other bytes");
    if (bench_peer.settle != NULL) bench_peer.settle(&letter);
}

static uint64_t run_cycles(size_t size, uint64_t count) {
    const uint64_t rest = sum_words(source, size) - source[0];
    const uint64_t begin = clock_now();
    uint64_t before = begin;
    for (uint64_t i = 0; i < count; i++) {
        source[0]++;
        run_cycle(size, rest + source[0]);
        if (!has_tail) continue;
        const uint64_t now = clock_now();
        if (i >= COLD_CYCLES) tail_add(now - before);
        before = now;
    }
    return clock_now() - begin;
}

static void begin_tail(void) {
    has_tail = 1;
    tail_forget();
}

static void answer_question(size_t size, uint64_t count) {
    struct answer answer = { .nanoseconds = 0 };
    if (size > largest) fail("a larger block than was announced");
    if (size == 0)
        begin_tail();
    else
        answer.nanoseconds = run_cycles(size, count);
    answer.tail = tail_read();
    answer_write(&answer);
}

static int answer_questions(void) {
    size_t size = 0;
    uint64_t count = 0;
    while (next_question(&size, &count))
        answer_question(size, count);
    return EXIT_SUCCESS;
}

/* Blocks that nobody takes: they live until the processes end. */
static void give_live_blocks(uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        struct letter letter = { .size = LIVE_SIZE, .descriptor = NO_DESCRIPTOR };
        bench_peer.give(source, LIVE_SIZE, &letter);
    }
}

/* The giver may begin when the taker has entered. */
static void meet(enum role role) {
    struct letter ready = { .descriptor = NO_DESCRIPTOR };
    if (role == TAKER) pair_send(&ready);
    if (role == GIVER && !pair_receive(&ready)) fail("the taker has ended");
}

int main(int argc, char **argv) {
    if (argc < 2) fail("usage: peer LARGEST [LIVE]");
    largest = (size_t)parse_number(argv[1]);
    if (bench_peer.prepare != NULL) bench_peer.prepare(largest);
    uint32_t other = 0;
    const enum role role = pair_split(&other);
    if (bench_peer.enter != NULL) bench_peer.enter(role, other, largest);
    meet(role);
    if (role == TAKER) {
        take_blocks();
        return EXIT_SUCCESS;
    }
    source = filled_memory(largest);
    if (argc > 2) give_live_blocks(parse_number(argv[2]));
    return answer_questions();
}
