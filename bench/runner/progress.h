/*
 * What the run does just now, on standard error: one line that is written over on a terminal, and a line per stage
 * elsewhere.
 */
#ifndef BENCH_PROGRESS_H
#define BENCH_PROGRESS_H

#include <stddef.h>

void progress_show(const char *stage, size_t done, size_t of);
void progress_end(void);

#endif
