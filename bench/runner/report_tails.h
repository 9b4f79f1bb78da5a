/*
 * What a run tells of single cycles: a table for the eye, and a CSV file, of which the second picture is drawn.
 */
#ifndef BENCH_REPORT_TAILS_H
#define BENCH_REPORT_TAILS_H

#include "tails.h"

void report_tails(const struct tails *tails);

/* Write bench-tails.csv into folder. Returns 0 for failure. */
int report_tails_file(const char *folder, const struct tails *tails);

#endif
