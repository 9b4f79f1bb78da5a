/*
 * What a run leaves behind: tables for the eye on standard output, and CSV files for the plot and for comparison.
 *
 * bench-cycles.csv has a line for each size and peer, peers one after the other, with the quartiles beside the median:
 * a wide gap between them says that the machine was busy with something else.
 */
#include "report.h"

#include <stdio.h>

#define DISTURBED 0.15 /* of the median, between the quartiles */

void report_cell(const struct contestant *one, double number) {
    if (one->samples.count == 0)
        printf(" %9s", one->standing == FAILED ? "failed" : "-");
    else
        printf(" %9.*f", number < 100 ? 2 : 0, number);
}

static int is_disturbed(const struct samples *samples) {
    const double spread = samples_quantile(samples, 0.75) - samples_quantile(samples, 0.25);
    return spread > DISTURBED * samples_median(samples);
}

static void warn_of_noise(const struct cycles *cycles) {
    size_t disturbed = 0;
    size_t all = 0;
    for (size_t i = 0; i < cycles->size_count; i++)
        for (unsigned peer = 0; peer < PEERS; peer++) {
            all += cycles->results[i][peer].samples.count != 0;
            disturbed += (size_t)is_disturbed(&cycles->results[i][peer].samples);
        }
    printf("\nIn %zu of %zu figures the quartiles are more than %.0f %% apart", disturbed, all, DISTURBED * 100);
    printf("%s\n", 4 * disturbed > all ? ": the machine was busy, run again when it is not." : ".");
}

void report_cycles(const struct cycles *cycles) {
    char text[SIZE_TEXT];
    printf("Microseconds of a whole cycle (median), both processes on one core\n\n%-48s", "");
    for (size_t i = 0; i < cycles->size_count; i++)
        printf(" %9s", cycles_size_text(cycles->sizes[i], text));
    printf("\n");
    for (unsigned peer = 0; peer < PEERS; peer++) {
        printf("%-48s", cycles_title((enum peer_number)peer));
        for (size_t i = 0; i < cycles->size_count; i++)
            report_cell(&cycles->results[i][peer], samples_median(&cycles->results[i][peer].samples) / 1e3);
        printf("\n");
    }
    warn_of_noise(cycles);
}

void report_targets(const struct targets *targets) {
    printf("\n%-66s %-42s %-10s\n\n", "Work", "Measured", "Target");
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *row = &targets->rows[i];
        printf("%-66s %-42s %-10s %s\n", row->work, row->measured, row->wanted, targets_outcome_text(row->outcome));
    }
}

FILE *report_open(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) perror(path);
    return file;
}

int report_cycles_file(const char *folder, const struct cycles *cycles) {
    FILE *file = report_open(folder, "bench-cycles.csv");
    if (file == NULL) return 0;
    fprintf(file, "peer,bytes,microseconds,lower quartile,upper quartile,samples\n");
    for (unsigned peer = 0; peer < PEERS; peer++)
        for (size_t i = 0; i < cycles->size_count; i++) {
            const struct samples *samples = &cycles->results[i][peer].samples;
            if (samples->count == 0) continue;
            fprintf(file, "\"%s\",%zu,%.3f,%.3f,%.3f,%zu\n", cycles_title((enum peer_number)peer), cycles->sizes[i],
                    samples_median(samples) / 1e3, samples_quantile(samples, 0.25) / 1e3,
                    samples_quantile(samples, 0.75) / 1e3, samples->count);
        }
    return fclose(file) == 0;
}

int report_targets_file(const char *folder, const struct targets *targets) {
    FILE *file = report_open(folder, "bench-targets.csv");
    if (file == NULL) return 0;
    fprintf(file, "work,measured,target,outcome\n");
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *row = &targets->rows[i];
        fprintf(file, "\"%s\",\"%s\",\"%s\",\"%s\"\n", row->work, row->measured, row->wanted,
                targets_outcome_text(row->outcome));
    }
    return fclose(file) == 0;
}
