/*
 * The runner of the benchmark: measure the cycles of all peers, then what the targets want beside them, and report.
 *
 * It is a program for people, not a test: times decide nothing about right or wrong, so its exit status says only
 * whether it could run.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cycles.h"
#include "progress.h"
#include "report.h"
#include "settings.h"
#include "targets.h"

static struct cycles cycles;
static struct targets targets;

int main(int argc, char **argv) {
    struct settings settings;
    if (!settings_read(&settings, argc, argv)) {
        fprintf(stderr, "usage: %s [--quick] [--core NUMBER] [--output FOLDER]\n", argv[0]);
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN); /* a program that ended early is noticed by its missing answer */
    cycles_measure(&settings, &cycles);
    targets_measure(&settings, &cycles, &targets);
    progress_end();
    report_cycles(&cycles);
    report_targets(&targets);
    return report_files(settings.output, &cycles, &targets) ? EXIT_SUCCESS : EXIT_FAILURE;
}
