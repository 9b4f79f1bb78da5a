/*
 * The figures that shshared is built to reach, each measured and judged.
 *
 * What is about whole cycles is read from the cycles that were measured already; the rest is measured here with the
 * programs in bench/measures/ and, for live blocks and first blocks, with the peers themselves.
 */
#include "targets.h"

#include <stdio.h>

#include "calls.h"
#include "halves.h"
#include "judge.h"

#define SMALL 64
#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define FIRST_SIZE (16 * MIB)
#define RETAINED (64 * MIB) /* what shshared keeps of freed memory, by default */
#define MEMORY_ALLOWANCE (16 * MIB)
#define THREADS_BATCH 50e6 /* longer, so that the threads' beginning does not weigh */
#define COUNTED_OPERATIONS 100000L

/* own_calls: how many system calls of the application's own are among those of all operations. */
static void count_calls(const struct settings *settings, struct targets *targets, const char *work, const char *program,
                        long own_calls) {
    long calls = 0;
    const int counted = calls_count(settings, program, (uint64_t)COUNTED_OPERATIONS, &calls);
    judge_calls(targets, work, counted, calls - own_calls, COUNTED_OPERATIONS);
}

static void judge_small_blocks(const struct settings *settings, struct targets *targets) {
    struct contestant all[] = { { .program = "measure-own" },
                                { .program = "measure-halves" },
                                { .program = "measure-third" },
                                { .program = "measure-layer" } };
    const struct contest contest = {
        .title = "small blocks", .size = SMALL, .core = settings->core, .batch = CONTEST_BATCH
    };
    contest_steady(settings, &contest, all, 4);
    judge_time(targets, "alloc, lock, unlock, free of 64 B in one process", &all[0].samples, 0.10);
    count_calls(settings, targets, "  system calls", all[0].program, 0);
    judge_time(targets, "the same by the porting layer, with the rest of a page", &all[3].samples, NO_LIMIT);
    judge_time(targets, "both halves of 64 B in two processes, without the letter", &all[1].samples, NO_LIMIT);
    count_calls(settings, targets, "  system calls beside the letters", all[1].program,
                COUNTED_OPERATIONS / HALVES_BATCH * HALVES_SENDS);
    judge_time(targets, "lock, unlock of a known block by a third process", &all[2].samples, 0.10);
    count_calls(settings, targets, "  system calls", all[2].program, 0);
}

static void judge_cycle(const struct cycles *cycles, struct targets *targets, size_t size, enum peer_number base,
                        double most) {
    char work[96];
    char text[SIZE_TEXT];
    snprintf(work, sizeof work, "whole cycle of %s against %s", cycles_size_text(size, text),
             base == PINGPONG ? "an empty ping-pong" : "a kept mapping");
    judge_ratio(targets, work, cycles_samples(cycles, size, SHSHARED), cycles_samples(cycles, size, base), most);
}

static void judge_cycles(const struct cycles *cycles, struct targets *targets) {
    judge_cycle(cycles, targets, SMALL, PINGPONG, 1.2);
    judge_cycle(cycles, targets, 4 * KIB, PINGPONG, 1.2);
    judge_cycle(cycles, targets, 64 * KIB, PINGPONG, 1.5);
    judge_cycle(cycles, targets, MIB, POOLED, 1.3);
    judge_cycle(cycles, targets, 16 * MIB, POOLED, 1.3);
    judge_cycle(cycles, targets, 256 * MIB, POOLED, 1.3);
}

static void judge_first_block(const struct settings *settings, struct targets *targets) {
    struct contestant all[] = { { .program = "peer-shshared" }, { .program = "peer-memfd" } };
    const struct contest contest = {
        .title = "first large block", .size = FIRST_SIZE, .core = settings->core, .batch = CONTEST_BATCH
    };
    contest_first(settings, &contest, all, 2);
    judge_ratio(targets, "first block of 16 MiB against memfd, write(), SCM_RIGHTS, mmap", &all[0].samples,
                &all[1].samples, 1.1);
}

static void judge_live_blocks(const struct settings *settings, struct targets *targets, const char *program,
                              const char *what, double most) {
    struct contestant all[] = { { .program = program, .argument = "10" },
                                { .program = program, .argument = "1000" },
                                { .program = program, .argument = "100000" } };
    const struct contest contest = { .title = what, .size = SMALL, .core = settings->core, .batch = CONTEST_BATCH };
    char work[96];
    contest_steady(settings, &contest, all, 3);
    snprintf(work, sizeof work, "%s with 1,000 live blocks against 10", what);
    judge_ratio(targets, work, &all[1].samples, &all[0].samples, most);
    snprintf(work, sizeof work, "%s with 100,000 live blocks against 10", what);
    judge_ratio(targets, work, &all[2].samples, &all[0].samples, most);
}

static void judge_threads(const struct settings *settings, struct targets *targets) {
    struct contestant all[] = { { .program = "measure-threads", .argument = "1" },
                                { .program = "measure-threads", .argument = "4" } };
    const struct contest contest = {
        .title = "allocating threads", .size = SMALL, .core = ANY_CORE, .batch = THREADS_BATCH
    };
    contest_steady(settings, &contest, all, 2);
    judge_ratio(targets, "alloc, free by 4 threads against 1, per operation, all cores", &all[1].samples,
                &all[0].samples, 1.0);
}

/* The times that Wine's cycles would take if their letters went over the same socket as everybody's. */
static struct samples level_wine(const struct cycles *cycles, size_t size) {
    const struct samples *wine = cycles_samples(cycles, size, WINE);
    const struct samples *letters = cycles_samples(cycles, size, WINE_PINGPONG);
    const double native = samples_median(cycles_samples(cycles, size, PINGPONG));
    struct samples level = { .count = 0 };
    for (size_t round = 0; round < wine->count && round < letters->count; round++)
        samples_add(&level, wine->values[round] - letters->values[round] + native);
    return level;
}

static void judge_peer(const struct cycles *cycles, struct targets *targets, enum peer_number peer, size_t up_to,
                       double least) {
    char work[96];
    char text[SIZE_TEXT];
    double worst = 0;
    size_t where = 0;
    for (size_t i = 0; i < cycles->size_count && cycles->sizes[i] <= up_to; i++) {
        const size_t size = cycles->sizes[i];
        const struct samples theirs = peer == WINE ? level_wine(cycles, size) : *cycles_samples(cycles, size, peer);
        const double ratio = samples_ratio(&theirs, cycles_samples(cycles, size, SHSHARED));
        if (ratio <= 0 || (worst > 0 && ratio >= worst)) continue;
        worst = ratio;
        where = size;
    }
    snprintf(work, sizeof work, "faster than %s, up to %s", cycles_title(peer), cycles_size_text(up_to, text));
    judge_faster(targets, work, worst, where, least);
}

static void judge_peers(const struct cycles *cycles, struct targets *targets) {
    const size_t largest = cycles->sizes[cycles->size_count - 1];
    judge_peer(cycles, targets, SHM_OPEN, largest, 3);
    judge_peer(cycles, targets, WINE, 64 * KIB, 20);
    judge_peer(cycles, targets, WINE, largest, 1);
    judge_peer(cycles, targets, APR, largest, 1);
    judge_peer(cycles, targets, BOOST_OBJECT, largest, 1);
    judge_peer(cycles, targets, QT, largest, 1);
    judge_peer(cycles, targets, MEMFD, largest, NO_LIMIT);
    judge_peer(cycles, targets, BOOST_MANAGED, largest, NO_LIMIT);
}

void targets_measure(const struct settings *settings, const struct cycles *cycles, struct targets *targets) {
    targets->count = 0;
    judge_small_blocks(settings, targets);
    judge_cycles(cycles, targets);
    judge_first_block(settings, targets);
    judge_live_blocks(settings, targets, "peer-shshared", "whole cycle of 64 B", 1.2);
    judge_live_blocks(settings, targets, "measure-own", "blocks of 64 B of one's own", NO_LIMIT);
    judge_threads(settings, targets);
    judge_peers(cycles, targets);
}

/* By processor time, which is what a block takes on a core that does nothing else: see bench/README.md. */
static void judge_relay_time(const struct relays *relays, struct targets *targets, enum relay_set set, size_t size) {
    char work[96];
    char text[SIZE_TEXT];
    const int small = size < 64 * KIB;
    snprintf(work, sizeof work, "%s of %s against %s", relays_title(set), cycles_size_text(size, text),
             small ? "the letters alone" : "kept blocks");
    const struct contestant *ours = relays_find(relays, set, size, RELAY_SHSHARED);
    const struct contestant *base = relays_find(relays, set, size, small ? RELAY_PINGPONG : RELAY_KEPT);
    if (small)
        judge_ratio(targets, work, &ours->busy, &base->busy, 1.3);
    else
        judge_share(targets, work, &ours->busy, &base->busy, 0.75);
    judge_share(targets, "  its speed by the clock", &ours->samples, &base->samples, NO_LIMIT);
}

static void judge_relay_memory(const struct relays *relays, struct targets *targets, enum relay_set set, size_t size) {
    char work[96];
    char text[SIZE_TEXT];
    snprintf(work, sizeof work, "  shared memory of %s, %s", relays_title(set), cycles_size_text(size, text));
    judge_memory(targets, work, relays_find(relays, set, size, RELAY_SHSHARED)->held,
                 (double)(RELAY_FLIGHT * size + RETAINED + MEMORY_ALLOWANCE));
}

void targets_judge_relays(const struct relays *relays, struct targets *targets) {
    for (enum relay_set set = RELAYS_PIPELINE; set <= RELAYS_BROADCAST_8; set++)
        for (size_t i = 0; i < relays_sizes(set)->count; i++) {
            judge_relay_time(relays, targets, set, relays_sizes(set)->sizes[i]);
            judge_relay_memory(relays, targets, set, relays_sizes(set)->sizes[i]);
        }
}

const char *targets_outcome_text(enum outcome outcome) {
    static const char *const texts[] = { [MET] = "met", [NOT_MET] = "NOT MET", [SKIPPED] = "skipped", [SHOWN] = "" };
    return texts[outcome];
}
