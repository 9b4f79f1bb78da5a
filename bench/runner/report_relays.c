/*
 * What a run tells of blocks that several processes hand on. Each cell has the median of the processor time that a
 * block takes of all processes; that of the time by the clock while others are in flight (the reciprocal of the blocks
 * per second); the time from making a block to the last answer that 99 of 100 did not exceed; and the most shared
 * memory that all processes held.
 */
#include "report_relays.h"

#include <stdio.h>

#include "cycles.h"
#include "report.h"

static double time_of(const struct contestant *one) { return samples_median(&one->busy) / 1e3; }
static double clock_of(const struct contestant *one) { return samples_median(&one->samples) / 1e3; }
static double tail_of(const struct contestant *one) { return (double)one->tail.p99 / 1e3; }
static double held_of(const struct contestant *one) { return one->held / (1 << 20); }

static void print_row(const char *title, const struct contestant *const *all, size_t count,
                      double (*figure)(const struct contestant *)) {
    printf("%-38s", title);
    for (size_t i = 0; i < count; i++)
        report_cell(all[i], figure(all[i]));
    printf("\n");
}

static void print_entry(const struct relays *relays, enum relay_set set, size_t entry) {
    const size_t count = relays_sizes(set)->count;
    const struct contestant *all[RELAY_SIZES_MOST];
    for (size_t i = 0; i < count; i++)
        all[i] = &relays->results[set][i][entry];
    print_row(relays_entry_title(set, entry), all, count, time_of);
    print_row("  by the clock", all, count, clock_of);
    print_row("  99 of 100 within", all, count, tail_of);
    print_row("  MiB held", all, count, held_of);
}

static void print_set(const struct relays *relays, enum relay_set set) {
    const struct relay_sizes *sizes = relays_sizes(set);
    char text[SIZE_TEXT];
    printf("\n%-38s", relays_title(set));
    for (size_t i = 0; i < sizes->count; i++)
        printf(" %9s", cycles_size_text(sizes->sizes[i], text));
    printf("\n");
    for (size_t entry = 0; relays_entry_title(set, entry) != NULL; entry++)
        print_entry(relays, set, entry);
}

void report_relays(const struct relays *relays) {
    printf(
        "\nMicroseconds of the processor per block (median), %d in flight, filled in place, all processes on one "
        "core\n",
        RELAY_FLIGHT);
    for (enum relay_set set = 0; set < RELAY_SETS; set++)
        print_set(relays, set);
}

static void write_line(FILE *file, enum relay_set set, size_t size, const char *who, const struct contestant *one) {
    if (one->samples.count == 0) return;
    fprintf(file, "\"%s\",\"%s\",%zu,%.3f,%.3f,%.3f,%.3f,%.3f,%.0f,%zu\n", relays_title(set), who, size,
            samples_median(&one->busy) / 1e3, samples_quantile(&one->busy, 0.25) / 1e3,
            samples_quantile(&one->busy, 0.75) / 1e3, samples_median(&one->samples) / 1e3, tail_of(one), one->held,
            one->samples.count);
}

int report_relays_file(const char *folder, const struct relays *relays) {
    FILE *file = report_open(folder, "bench-relays.csv");
    if (file == NULL) return 0;
    fprintf(
        file,
        "pattern,peer,bytes,microseconds,lower quartile,upper quartile,by the clock,99 of 100,bytes held,samples\n");
    for (enum relay_set set = 0; set < RELAY_SETS; set++)
        for (size_t i = 0; i < relays_sizes(set)->count; i++)
            for (size_t entry = 0; relays_entry_title(set, entry) != NULL; entry++)
                write_line(file, set, relays_sizes(set)->sizes[i], relays_entry_title(set, entry),
                           &relays->results[set][i][entry]);
    return fclose(file) == 0;
}
