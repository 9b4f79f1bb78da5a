/*
 * One row of the table of targets: compare a figure with what is wanted, and write both down.
 */
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H

#include "targets.h"

/* No limit: the row is only shown. */
#define NO_LIMIT 0.0

/* Microseconds of an operation. Without samples a row says "not measured", here and below. */
void judge_time(struct targets *targets, const char *work, const struct samples *samples, double most_microseconds);

/* How many times as long as the base it takes. */
void judge_ratio(struct targets *targets, const char *work, const struct samples *samples, const struct samples *base,
                 double most);

/* What share of the base's speed it reaches. */
void judge_share(struct targets *targets, const char *work, const struct samples *samples, const struct samples *base,
                 double least);

/* Bytes that are held, 0 where nobody looked. */
void judge_memory(struct targets *targets, const char *work, double held, double most);

/* System calls that should not be there. */
void judge_calls(struct targets *targets, const char *work, int counted, long calls, long operations);

/* How many times faster, at the size where that is least; 0 as ratio where nothing was measured. */
void judge_faster(struct targets *targets, const char *work, double ratio, size_t size, double least);

#endif
