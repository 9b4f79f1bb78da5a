/*
 * Several programs measured against each other, in turns: one short batch of each, and again, many rounds.
 *
 * A batch is preceded by a tenth of itself, not timed, which brings back what the others threw out of the caches. Every
 * round begins with another program. The number of rounds follows from how long one takes.
 */
#include "contest.h"

#include <stdio.h>
#include <unistd.h>

#include "progress.h"
#include "support.h"

#define MOST_OPERATIONS 5000000
#define FEWEST_ROUNDS 9
#define WARM_SIZE 64
#define WARM_OPERATIONS 200

static void start(const struct settings *settings, const struct contest *contest, struct contestant *one) {
    char path[sizeof settings->directory + 64];
    char largest[32];
    snprintf(path, sizeof path, "%s/%s", settings->directory, one->program);
    snprintf(largest, sizeof largest, "%zu", contest->size);
    const char *const argv[] = { path, largest, one->argument, NULL };
    one->standing = ABSENT;
    if (access(path, X_OK) != 0) return;
    one->standing = program_start(&one->process, argv, contest->core) ? READY : FAILED;
}

static void stop(struct contestant *one) {
    if (one->standing == READY) program_stop(&one->process);
}

/* One that says itself that it cannot run here is like one that was not built. */
static void drop(struct contestant *one, size_t size) {
    const int left_out = program_stop(&one->process) == LEFT_OUT;
    one->standing = left_out ? ABSENT : FAILED;
    if (!left_out) fprintf(stderr, "\n%s failed at %zu bytes\n", one->program, size);
}

/* Nanoseconds of count operations; a contestant that does not answer is out. */
static double ask(struct contestant *one, size_t size, uint64_t count) {
    struct answer answer;
    if (one->standing != READY) return 0;
    if (program_ask(&one->process, size, count, &answer)) {
        one->asked_busy = (double)answer.busy;
        one->tail = answer.tail;
        if ((double)answer.held > one->held) one->held = (double)answer.held;
        return (double)answer.nanoseconds;
    }
    drop(one, size);
    return 0;
}

static uint64_t warm_up(const struct contestant *one) { return one->batch / 10 + 1; }

/* Choose the batch; returns the nanoseconds that one turn of this contestant takes. */
static double calibrate(const struct contest *contest, struct contestant *one) {
    const size_t size = contest->size;
    ask(one, size, 1);
    const double once = ask(one, size, 4) / 4 + 1;
    const double often = once < contest->batch / 20 ? ask(one, size, 1000) / 1000 + 1 : once;
    const double fitting = contest->batch / often;
    const double least = contest->fewest > 0 ? (double)contest->fewest : 1;
    one->batch = fitting < least ? (uint64_t)least : fitting > MOST_OPERATIONS ? MOST_OPERATIONS : (uint64_t)fitting;
    if (contest->tails) ask(one, 0, 1);
    return one->standing == READY ? often * (double)(one->batch + warm_up(one)) : 0;
}

static size_t choose_rounds(const struct settings *settings, double nanoseconds) {
    const double fitting = settings->seconds * 1e9 / (nanoseconds + 1);
    if (fitting < FEWEST_ROUNDS) return FEWEST_ROUNDS;
    return fitting < (double)settings->rounds ? (size_t)fitting : settings->rounds;
}

static void take_turn(struct contestant *one, size_t size) {
    ask(one, size, warm_up(one));
    const double nanoseconds = ask(one, size, one->batch);
    if (one->standing != READY) return;
    samples_add(&one->samples, nanoseconds / (double)one->batch);
    samples_add(&one->busy, one->asked_busy / (double)one->batch);
}

void contest_steady(const struct settings *settings, const struct contest *contest, struct contestant *all,
                    size_t count) {
    double turn = 0;
    for (size_t i = 0; i < count; i++) {
        progress_show(contest->title, i, count);
        start(settings, contest, &all[i]);
        turn += calibrate(contest, &all[i]);
    }
    const size_t rounds = choose_rounds(settings, turn);
    for (size_t round = 0; round < rounds; round++) {
        progress_show(contest->title, round, rounds);
        for (size_t i = 0; i < count; i++)
            take_turn(&all[(i + round) % count], contest->size);
    }
    for (size_t i = 0; i < count; i++)
        stop(&all[i]);
}

static void take_first_turn(const struct settings *settings, const struct contest *contest, struct contestant *one) {
    start(settings, contest, one);
    ask(one, WARM_SIZE, WARM_OPERATIONS);
    const double nanoseconds = ask(one, contest->size, 1);
    if (one->standing == READY) samples_add(&one->samples, nanoseconds);
    stop(one);
}

void contest_first(const struct settings *settings, const struct contest *contest, struct contestant *all,
                   size_t count) {
    for (size_t round = 0; round < settings->rounds; round++) {
        progress_show(contest->title, round, settings->rounds);
        for (size_t i = 0; i < count; i++)
            take_first_turn(settings, contest, &all[(i + round) % count]);
    }
}
