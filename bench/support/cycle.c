/*
 * The two sides of a whole cycle. See cycle.h.
 */
#include "cycle.h"

#include "pair.h"
#include "peer.h"
#include "support.h"

#define COLD_CYCLES 8

static uint64_t *source;
static size_t source_size;

void cycle_begin(size_t largest) {
    source = filled_memory(largest);
    source_size = largest;
}

/* Returns what the taker has seen besides: see cycle_look(). */
static uint64_t run_cycle(size_t size, uint64_t expected) {
    struct letter letter = { .size = size, .descriptor = NO_DESCRIPTOR };
    struct letter answer;
    bench_peer.give(source, size, &letter);
    pair_send(&letter);
    if (bench_peer.pour != NULL) bench_peer.pour(source, size);
    if (!pair_receive(&answer)) fail("the taker has ended");
    if (!bench_peer.empty && answer.size != expected) fail("the taker saw other bytes");
    if (bench_peer.settle != NULL) bench_peer.settle(&letter);
    return answer.handle;
}

uint64_t cycle_give(size_t size, uint64_t count, void (*note)(uint64_t nanoseconds)) {
    if (size > source_size) fail("a larger block than was announced");
    const uint64_t rest = sum_words(source, size) - source[0];
    const uint64_t begin = clock_now();
    uint64_t before = begin;
    for (uint64_t i = 0; i < count; i++) {
        source[0]++;
        run_cycle(size, rest + source[0]);
        if (note == NULL) continue;
        const uint64_t now = clock_now();
        if (i >= COLD_CYCLES) note(now - before);
        before = now;
    }
    return clock_now() - begin;
}

/* A letter of size 0 goes before the block, by which the taker knows that it is to look. */
uint64_t cycle_look(size_t size) {
    const struct letter notice = { .descriptor = NO_DESCRIPTOR };
    pair_send(&notice);
    return run_cycle(size, sum_words(source, size));
}

static uint64_t held;

static void look(void) { held = pair_held(); }

int cycle_take(void) {
    struct letter letter;
    if (!pair_receive(&letter)) return 0;
    if (letter.size == 0) {
        after_reading = look;
        return 1;
    }
    held = 0;
    struct letter answer = { .size = bench_peer.take(&letter), .descriptor = NO_DESCRIPTOR };
    answer.handle = held;
    after_reading = NULL;
    pair_send(&answer);
    return 1;
}
