/*
 * What a run tells of many givers to one owner: the time of a cycle (the reciprocal of the cycles per second of all
 * givers together) by the processor and by the clock, and the time that 99 of 100 cycles did not exceed, waiting for
 * the other givers included; each beside its ratio to that of shshared in the same run.
 */
#include "report_crowds.h"

#include <stdio.h>

#include "cycles.h"
#include "report.h"

static double tail_of(const struct contestant *one) { return (double)one->tail.p99 / 1e3; }

/* How many times as much as ours; ours may not have been measured. */
static double tail_ratio(const struct contestant *one, const struct contestant *ours) {
    return ours->tail.p99 != 0 ? tail_of(one) / tail_of(ours) : 0;
}

static void print_row(const char *title, const struct contestant *one, const struct contestant *ours) {
    printf("%-48s", title);
    report_cell(one, samples_median(&one->busy) / 1e3);
    report_cell(one, samples_ratio(&one->busy, &ours->busy));
    report_cell(one, samples_median(&one->samples) / 1e3);
    report_cell(one, samples_ratio(&one->samples, &ours->samples));
    report_cell(one, tail_of(one));
    report_cell(one, tail_ratio(one, ours));
    printf("\n");
}

static void print_table(const struct crowds *crowds, size_t number, size_t size) {
    const struct contestant *all = crowds->results[number][size];
    char text[SIZE_TEXT];
    char title[64];
    snprintf(title, sizeof title, "%u givers, %s", crowds_givers(number), cycles_size_text(crowds_size(size), text));
    printf("\n%-48s %9s %9s %9s %9s %9s %9s\n", title, "processor", "ratio", "clock", "ratio", "p99", "ratio");
    for (size_t entry = 0; entry < CROWDS_ENTRIES; entry++)
        print_row(crowds_title(entry), &all[entry], &all[0]);
}

void report_crowds(const struct crowds *crowds) {
    printf("\nMicroseconds of a cycle (median), many givers to one owner at once, all processes on one core\n");
    for (size_t number = 0; number < CROWDS_NUMBERS; number++)
        for (size_t size = 0; size < CROWDS_SIZES; size++)
            print_table(crowds, number, size);
}

static void write_line(FILE *file, const struct crowds *crowds, size_t number, size_t size, size_t entry) {
    const struct contestant *one = &crowds->results[number][size][entry];
    if (one->samples.count == 0) return;
    fprintf(file, "%u,\"%s\",%zu,%.3f,%.3f,%.3f,%.3f,%.3f,%zu\n", crowds_givers(number), crowds_title(entry),
            crowds_size(size), samples_median(&one->busy) / 1e3, samples_quantile(&one->busy, 0.25) / 1e3,
            samples_quantile(&one->busy, 0.75) / 1e3, samples_median(&one->samples) / 1e3, tail_of(one),
            one->samples.count);
}

int report_crowds_file(const char *folder, const struct crowds *crowds) {
    FILE *file = report_open(folder, "bench-crowds.csv");
    if (file == NULL) return 0;
    fprintf(file, "givers,peer,bytes,microseconds,lower quartile,upper quartile,by the clock,99 of 100,samples\n");
    for (size_t number = 0; number < CROWDS_NUMBERS; number++)
        for (size_t size = 0; size < CROWDS_SIZES; size++)
            for (size_t entry = 0; entry < CROWDS_ENTRIES; entry++)
                write_line(file, crowds, number, size, entry);
    return fclose(file) == 0;
}
