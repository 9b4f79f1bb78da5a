/*
 * The frame around a relay peer: several processes, blocks in flight, the time that they take and the memory held.
 *
 * main() of every relay program. It is told on the command line the largest size that will be asked for and the
 * pattern. The producer then answers the runner: "SIZE COUNT" in; out come the nanoseconds of COUNT blocks, the
 * processor time that all took for them, the bytes of shared memory that all held at the beginning, and the times below
 * which single blocks stayed since "0 1" was asked.
 *
 * The clock runs while as many blocks are in flight as may be; filling this window and emptying it is not timed.
 */
#include <stdlib.h>
#include <unistd.h>

#include "answer.h"
#include "busy.h"
#include "bytes.h"
#include "channel.h"
#include "held.h"
#include "questions.h"
#include "support.h"
#include "team.h"

struct flight {
    struct letter letter;
    uint64_t seed;
    uint64_t began;
};

static const struct pattern *pattern;
static struct team team;

/* ---- a helper ---- */

static int is_reader(void) { return pattern->star || team.number == team.count - 1; }

static void use_block(const struct letter *letter, struct letter *answer) {
    void *view = relay_peer.open(letter, !is_reader());
    if (is_reader())
        answer->size = sum_words(view, letter->size);
    else
        change_words(view, letter->size);
    if (relay_peer.close != NULL) relay_peer.close(letter, view);
    if (is_reader() && !pattern->producer_frees && relay_peer.drop != NULL) relay_peer.drop(letter);
}

/* A letter of size 0 is only handed on. */
static void help(void) {
    struct letter letter;
    while (channel_receive(team.in[0], &letter)) {
        struct letter answer = letter;
        if (is_reader()) answer.descriptor = NO_DESCRIPTOR;
        if (letter.size != 0 && !relay_peer.empty) use_block(&letter, &answer);
        channel_send(team.out[0], &answer);
        if (letter.descriptor != NO_DESCRIPTOR) close(letter.descriptor);
    }
}

/* ---- the producer ---- */

static void tell(const struct letter *letter) {
    for (unsigned way = 0; way < team.ways; way++)
        channel_send(team.out[way], letter);
}

static void hear(uint64_t expected) {
    struct letter answer;
    for (unsigned way = 0; way < team.ways; way++) {
        if (!channel_receive(team.in[way], &answer)) fail("a helper has ended");
        if (!relay_peer.empty && answer.size != expected) fail("a helper saw other bytes");
    }
}

static void begin_block(struct flight *flight, size_t size) {
    static uint64_t seed;
    *flight = (struct flight){ { .size = size, .descriptor = NO_DESCRIPTOR }, seed++, clock_now() };
    if (!relay_peer.empty) {
        void *view = relay_peer.make(&flight->letter);
        write_words(view, size, flight->seed);
        if (relay_peer.made != NULL) relay_peer.made(&flight->letter, view);
    }
    tell(&flight->letter);
}

static void end_block(struct flight *flight) {
    const unsigned changes = pattern->star ? 0 : pattern->helpers - 1;
    hear(expected_sum((size_t)flight->letter.size, flight->seed, changes));
    if (pattern->producer_frees && relay_peer.drop != NULL) relay_peer.drop(&flight->letter);
    if (relay_peer.settle != NULL) relay_peer.settle(&flight->letter);
}

static uint64_t run_blocks(struct flight *flights, size_t size, uint64_t count) {
    const uint64_t begin = clock_now();
    for (uint64_t i = 0; i < count; i++) {
        struct flight *flight = &flights[i % RELAY_FLIGHT];
        end_block(flight);
        if (i >= RELAY_FLIGHT) tail_add(clock_now() - flight->began);
        begin_block(flight, size);
    }
    return clock_now() - begin;
}

static void answer_question(size_t size, uint64_t count) {
    struct flight flights[RELAY_FLIGHT];
    for (size_t i = 0; i < RELAY_FLIGHT; i++)
        begin_block(&flights[i], size);
    struct answer answer = { .held = held_bytes(team.pids, team.count) };
    const uint64_t before = busy_nanoseconds(team.pids, team.count);
    answer.nanoseconds = run_blocks(flights, size, count);
    answer.busy = busy_nanoseconds(team.pids, team.count) - before;
    for (size_t i = 0; i < RELAY_FLIGHT; i++)
        end_block(&flights[(count + i) % RELAY_FLIGHT]);
    answer.tail = tail_read();
    answer_write(&answer);
}

/* A letter of size 0 went round: all have entered. */
static void produce(void) {
    const struct letter ready = { .descriptor = NO_DESCRIPTOR };
    tell(&ready);
    hear(0);
    questions_answer(answer_question);
}

int main(int argc, char **argv) {
    if (argc < 3) fail("usage: relay LARGEST PATTERN");
    const size_t largest = (size_t)parse_number(argv[1]);
    pattern = pattern_find(argv[2]);
    if (relay_peer.prepare != NULL) relay_peer.prepare(largest);
    team_split(pattern, &team);
    if (relay_peer.enter != NULL) relay_peer.enter(team.owner, largest);
    if (team.number == 0)
        produce();
    else
        help();
    return EXIT_SUCCESS;
}
