/*
 * What a run tells of many givers to one owner: tables for the eye, and a CSV file.
 */
#ifndef BENCH_REPORT_CROWDS_H
#define BENCH_REPORT_CROWDS_H

#include "crowds.h"

void report_crowds(const struct crowds *crowds);

/* Write bench-crowds.csv into folder. Returns 0 for failure. */
int report_crowds_file(const char *folder, const struct crowds *crowds);

#endif
