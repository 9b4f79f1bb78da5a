/*
 * The runner of the benchmark: measure the cycles of all peers and their tails, what the targets want beside them, many
 * givers to one owner, and blocks that several processes hand on; then report.
 *
 * It is a program for people, not a test: times decide nothing about right or wrong, so its exit status says only
 * whether it could run.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "crowds.h"
#include "cycles.h"
#include "progress.h"
#include "relays.h"
#include "report.h"
#include "report_crowds.h"
#include "report_held.h"
#include "report_relays.h"
#include "report_tails.h"
#include "settings.h"
#include "tails.h"
#include "targets.h"

static struct cycles cycles;
static struct tails tails;
static struct crowds crowds;
static struct relays relays;
static struct targets targets;

static void measure(const struct settings *settings) {
    if (settings_want(settings, CYCLES)) cycles_measure(settings, &cycles);
    if (settings_want(settings, TAILS)) tails_measure(settings, &tails);
    if (settings_want(settings, CROWDS)) crowds_measure(settings, &crowds);
    if (settings_want(settings, EVERYTHING)) targets_measure(settings, &cycles, &targets);
    if (settings_want(settings, THREE)) relays_measure(settings, &relays);
    if (settings_want(settings, THREE)) targets_judge_relays(&relays, &targets);
    progress_end();
}

static void report(const struct settings *settings) {
    if (settings_want(settings, CYCLES)) report_cycles(&cycles);
    if (settings_want(settings, TAILS)) report_tails(&tails);
    if (settings_want(settings, TAILS)) report_held(&tails);
    if (settings_want(settings, CROWDS)) report_crowds(&crowds);
    if (settings_want(settings, THREE)) report_relays(&relays);
    if (settings_want(settings, THREE)) report_targets(&targets);
}

/* Those of a run of everything are not written over by one that measured a part. */
static int write_files(const struct settings *settings) {
    const char *folder = settings->output;
    return (!settings_want(settings, CYCLES) || report_cycles_file(folder, &cycles)) &&
           (!settings_want(settings, TAILS) || report_tails_file(folder, &tails)) &&
           (!settings_want(settings, TAILS) || report_held_file(folder, &tails)) &&
           (!settings_want(settings, CROWDS) || report_crowds_file(folder, &crowds)) &&
           (!settings_want(settings, EVERYTHING) || report_targets_file(folder, &targets)) &&
           (!settings_want(settings, THREE) || report_relays_file(folder, &relays));
}

int main(int argc, char **argv) {
    struct settings settings;
    if (!settings_read(&settings, argc, argv)) {
        fprintf(stderr, "usage: %s [--quick] [--only three|crowds|cycles|tails] [--core NUMBER] [--output FOLDER]\n",
                argv[0]);
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN); /* a program that ended early is noticed by its missing answer */
    measure(&settings);
    report(&settings);
    return write_files(&settings) ? EXIT_SUCCESS : EXIT_FAILURE;
}
