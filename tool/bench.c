/*
 * shshared bench: what blocks cost on this machine, beside a fresh memory object and a socket. The ways take turns, and
 * what is shown are medians of the turns, so that what else the machine does disturbs all alike.
 */
#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"
#include "json.h"
#include "say.h"

#define SIZES 3
#define TURNS 7

static const size_t sizes[SIZES] = { 64, 4096, (size_t)1 << 20 };
static const char *const size_names[SIZES] = { "64 B", "4 KiB", "1 MiB" };
static const char *const way_names[WAYS] = { "block", "object", "socket", "calls" };
static const char *const way_titles[WAYS] = { "a block: alloc, tell, lock, read, unlock, free, answer",
                                              "a fresh memory object, passed by SCM_RIGHTS",
                                              "the bytes through a Unix socket", "alloc, lock, unlock and free alone" };

struct figures {
    double us[SIZES][WAYS]; /* of a cycle */
};

static double now(void) {
    struct timespec time = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The time of a cycle, over so many seconds and at least one of them; negative when one failed. */
static double measure(struct pair *pair, enum way way, size_t size, double seconds) {
    const double begin = now();
    double end = begin;
    uint64_t cycles = 0;
    for (uint64_t batch = 1; end - begin < seconds || cycles == 0; batch = batch < 64 ? batch * 2 : batch) {
        for (uint64_t i = 0; i < batch; i++)
            if (!bench_cycle(pair, way, size)) return -1;
        cycles += batch;
        end = now();
    }
    return (end - begin) * 1e6 / (double)cycles;
}

static int compare(const void *one, const void *other) {
    const double first = *(const double *)one, second = *(const double *)other;
    return (first > second) - (first < second);
}

static bool measure_size(struct pair *pair, size_t size, double seconds, double us[WAYS]) {
    double turns[WAYS][TURNS];
    for (int turn = -1; turn < TURNS; turn++) { /* the first is for getting warm */
        for (int way = 0; way < WAYS; way++) {
            const double took = measure(pair, (enum way)way, size, turn < 0 ? 0 : seconds);
            if (took < 0) {
                say("%s: a cycle of %zu bytes failed; shshared doctor may tell why", way_names[way], size);
                return false;
            }
            if (turn >= 0) turns[way][turn] = took;
        }
    }
    for (int way = 0; way < WAYS; way++) {
        qsort(turns[way], TURNS, sizeof turns[way][0], compare);
        us[way] = turns[way][TURNS / 2];
    }
    return true;
}

static void print_row(const struct figures *figures, const char *title, enum way way, enum way over) {
    (void)printf("%-56s", title);
    for (int i = 0; i < SIZES; i++) {
        const double us = figures->us[i][way];
        (void)printf(over == WAYS ? " %9.2f" : " %8.1fx", over == WAYS ? us : us / figures->us[i][over]);
    }
    (void)putchar('\n');
}

static void print_sizes(const char *title) {
    (void)printf("%-56s", title);
    for (int i = 0; i < SIZES; i++)
        (void)printf(" %9s", size_names[i]);
    (void)putchar('\n');
}

static void print(const struct figures *figures) {
    print_sizes("How many times the cycle of a block takes");
    print_row(figures, way_titles[WAY_OBJECT], WAY_OBJECT, WAY_BLOCK);
    print_row(figures, way_titles[WAY_SOCKET], WAY_SOCKET, WAY_BLOCK);
    print_sizes("\nMicroseconds of a cycle, medians");
    for (int way = 0; way < WAYS; way++)
        print_row(figures, way_titles[way], (enum way)way, WAYS);
}

static void print_json(const struct figures *figures) {
    json_object(NULL);
    json_text("version", shs_version());
    json_list("figures");
    for (int i = 0; i < SIZES; i++) {
        for (int way = 0; way < WAYS; way++) {
            json_object(NULL);
            json_number("size", sizes[i]);
            json_text("way", way_names[way]);
            json_real("us", figures->us[i][way]);
            if (way != WAY_CALLS) json_real("ratio", figures->us[i][way] / figures->us[i][WAY_BLOCK]);
            json_end();
        }
    }
    json_end();
    json_end();
}

static int run(struct pair *pair, const struct options *options) {
    const double seconds = options->seconds / (SIZES * WAYS * TURNS);
    struct figures figures = { .us = { { 0 } } };
    for (int i = 0; i < SIZES; i++)
        if (!measure_size(pair, sizes[i], seconds, figures.us[i])) return EXIT_FAILED;
    if (options->json)
        print_json(&figures);
    else
        print(&figures);
    return EXIT_FINE;
}

int command_bench(const struct options *options) {
    struct pair pair;
    int result = EXIT_FAILED;
    (void)signal(SIGXFSZ, SIG_IGN); /* a cycle fails, and says so */
    (void)signal(SIGPIPE, SIG_IGN);
    if (bench_begin(&pair, sizes[SIZES - 1]))
        result = run(&pair, options);
    else
        say("no pair of processes: shshared doctor may tell why");
    bench_end(&pair);
    return result;
}
