/*
 * Samples of one thing that was measured several times, and what stands for them: the median, and the quartiles that
 * tell how much the machine disturbed it. Quantiles between two samples are interpolated.
 */
#include "samples.h"

#include <stdlib.h>
#include <string.h>

void samples_add(struct samples *samples, double value) {
    if (samples->count < SAMPLES_MOST) samples->values[samples->count++] = value;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double samples_quantile(const struct samples *samples, double fraction) {
    if (samples->count == 0) return 0;
    double sorted[SAMPLES_MOST];
    memcpy(sorted, samples->values, samples->count * sizeof *sorted);
    qsort(sorted, samples->count, sizeof *sorted, compare);
    const double place = fraction * (double)(samples->count - 1);
    const size_t below = (size_t)place;
    if (below + 1 >= samples->count) return sorted[samples->count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double samples_median(const struct samples *samples) { return samples_quantile(samples, 0.5); }

double samples_ratio(const struct samples *samples, const struct samples *base) {
    struct samples ratios = { .count = 0 };
    for (size_t round = 0; round < samples->count && round < base->count; round++)
        samples_add(&ratios, samples->values[round] / base->values[round]);
    return samples_median(&ratios);
}
