/*
 * What a run tells of the shared memory that the two processes of a cycle have: a table for the eye, and a CSV file.
 */
#ifndef BENCH_REPORT_HELD_H
#define BENCH_REPORT_HELD_H

#include "tails.h"

/* It is looked at while the tails are measured. */
void report_held(const struct tails *tails);

/* Write bench-held.csv into folder. Returns 0 for failure. */
int report_held_file(const char *folder, const struct tails *tails);

#endif
