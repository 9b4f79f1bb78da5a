/*
 * Samples of one thing that was measured several times, and what stands for them: the median, and the quartiles that
 * tell how much the machine disturbed it. Means and minima are not used: one long interruption moves a mean, and a
 * minimum flatters whoever has more luck.
 */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>

#define SAMPLES_MOST 64

struct samples {
    double values[SAMPLES_MOST];
    size_t count;
};

/* What goes beyond SAMPLES_MOST is dropped. */
void samples_add(struct samples *samples, double value);

/* The value below which the given fraction of the samples lies (0.5: the median). 0 when there are none. */
double samples_quantile(const struct samples *samples, double fraction);

double samples_median(const struct samples *samples);

/*
 * How many times as much as base samples are: the median of the ratios of what was measured in the same round. A
 * machine that is slow for a while weighs on both and cancels out, which it does not in a ratio of medians. 0 when
 * there are none.
 */
double samples_ratio(const struct samples *samples, const struct samples *base);

#endif
