/*
 * What a run tells of blocks that several processes hand on: tables for the eye, and a CSV file.
 */
#ifndef BENCH_REPORT_RELAYS_H
#define BENCH_REPORT_RELAYS_H

#include "relays.h"

void report_relays(const struct relays *relays);

/* Write bench-relays.csv into folder. Returns 0 for failure. */
int report_relays_file(const char *folder, const struct relays *relays);

#endif
