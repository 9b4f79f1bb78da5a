/*
 * One row of the table of targets: compare a figure with what is wanted, and write both down.
 */
#include "judge.h"

#include <stdio.h>

static struct target *add_row(struct targets *targets, const char *work) {
    struct target *row = &targets->rows[targets->count < TARGETS_MOST - 1 ? targets->count++ : targets->count];
    snprintf(row->work, sizeof row->work, "%s", work);
    snprintf(row->measured, sizeof row->measured, "not measured");
    row->wanted[0] = '\0';
    row->outcome = SKIPPED;
    return row;
}

static enum outcome outcome_of(int reached, double limit) {
    if (limit == NO_LIMIT) return SHOWN;
    return reached ? MET : NOT_MET;
}

void judge_time(struct targets *targets, const char *work, const struct samples *samples, double most_microseconds) {
    const double microseconds = samples_median(samples) / 1e3;
    struct target *row = add_row(targets, work);
    if (most_microseconds != NO_LIMIT) snprintf(row->wanted, sizeof row->wanted, "<= %.2f us", most_microseconds);
    if (samples->count == 0) return;
    snprintf(row->measured, sizeof row->measured, "%.3f us", microseconds);
    row->outcome = outcome_of(microseconds <= most_microseconds, most_microseconds);
}

void judge_ratio(struct targets *targets, const char *work, const struct samples *samples, const struct samples *base,
                 double most) {
    const double ratio = samples_ratio(samples, base);
    struct target *row = add_row(targets, work);
    if (most != NO_LIMIT) snprintf(row->wanted, sizeof row->wanted, "<= %.2f x", most);
    if (ratio <= 0) return;
    snprintf(row->measured, sizeof row->measured, "%.2f x  (%.3f us to %.3f us)", ratio, samples_median(samples) / 1e3,
             samples_median(base) / 1e3);
    row->outcome = outcome_of(ratio <= most, most);
}

void judge_share(struct targets *targets, const char *work, const struct samples *samples, const struct samples *base,
                 double least) {
    const double share = samples_ratio(base, samples);
    struct target *row = add_row(targets, work);
    if (least != NO_LIMIT) snprintf(row->wanted, sizeof row->wanted, ">= %.2f", least);
    if (share <= 0) return;
    snprintf(row->measured, sizeof row->measured, "%.2f  (%.3f us to %.3f us)", share, samples_median(samples) / 1e3,
             samples_median(base) / 1e3);
    row->outcome = outcome_of(share >= least, least);
}

void judge_memory(struct targets *targets, const char *work, double held, double most) {
    const double mib = 1 << 20;
    struct target *row = add_row(targets, work);
    snprintf(row->wanted, sizeof row->wanted, "<= %.1f MiB", most / mib);
    if (held <= 0) return;
    snprintf(row->measured, sizeof row->measured, "%.1f MiB", held / mib);
    row->outcome = outcome_of(held <= most, most);
}

void judge_calls(struct targets *targets, const char *work, int counted, long calls, long operations) {
    struct target *row = add_row(targets, work);
    snprintf(row->wanted, sizeof row->wanted, "none");
    if (!counted) {
        snprintf(row->measured, sizeof row->measured, "not measured: strace could not count");
        return;
    }
    snprintf(row->measured, sizeof row->measured, "%ld in %ld operations", calls, operations);
    row->outcome = calls <= 0 ? MET : NOT_MET;
}

void judge_faster(struct targets *targets, const char *work, double ratio, size_t size, double least) {
    struct target *row = add_row(targets, work);
    char text[SIZE_TEXT];
    if (least != NO_LIMIT) snprintf(row->wanted, sizeof row->wanted, ">= %.0f x", least);
    if (ratio <= 0) return;
    snprintf(row->measured, sizeof row->measured, "%.1f x or more (least at %s)", ratio, cycles_size_text(size, text));
    row->outcome = outcome_of(ratio >= least, least);
}
