/*
 * The runner of the benchmark: measure the cycles of all peers, what the targets want beside them, and blocks that
 * several processes hand on; then report.
 *
 * It is a program for people, not a test: times decide nothing about right or wrong, so its exit status says only
 * whether it could run.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cycles.h"
#include "progress.h"
#include "relays.h"
#include "report.h"
#include "report_relays.h"
#include "settings.h"
#include "targets.h"

static struct cycles cycles;
static struct relays relays;
static struct targets targets;

static void measure(const struct settings *settings) {
    if (!settings->only_three) cycles_measure(settings, &cycles);
    if (!settings->only_three && !settings->only_cycles) targets_measure(settings, &cycles, &targets);
    if (!settings->only_cycles) relays_measure(settings, &relays);
    if (!settings->only_cycles) targets_judge_relays(&relays, &targets);
    progress_end();
}

static void report(const struct settings *settings) {
    if (!settings->only_three) report_cycles(&cycles);
    if (settings->only_cycles) return;
    report_relays(&relays);
    report_targets(&targets);
}

/* Those of a run of everything are not written over by one that measured a part. */
static int write_files(const struct settings *settings) {
    if (!settings->only_three && !report_cycles_file(settings->output, &cycles)) return 0;
    if (settings->only_cycles) return 1;
    if (!settings->only_three && !report_targets_file(settings->output, &targets)) return 0;
    return report_relays_file(settings->output, &relays);
}

int main(int argc, char **argv) {
    struct settings settings;
    if (!settings_read(&settings, argc, argv)) {
        fprintf(stderr, "usage: %s [--quick] [--only three|cycles] [--core NUMBER] [--output FOLDER]\n", argv[0]);
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN); /* a program that ended early is noticed by its missing answer */
    measure(&settings);
    report(&settings);
    return write_files(&settings) ? EXIT_SUCCESS : EXIT_FAILURE;
}
