/*
 * What a run leaves behind: tables for the eye on standard output, and CSV files for the plot and for comparison.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include "cycles.h"
#include "targets.h"

void report_cycles(const struct cycles *cycles);
void report_targets(const struct targets *targets);

/* Write bench-cycles.csv, or bench-targets.csv, into folder. Return 0 for failure. */
int report_cycles_file(const char *folder, const struct cycles *cycles);
int report_targets_file(const char *folder, const struct targets *targets);

/* A number of a table's row, or why there is none. */
void report_cell(const struct contestant *one, double number);

/* A file in the folder to be written, or NULL after a word about why not. */
FILE *report_open(const char *folder, const char *name);

#endif
