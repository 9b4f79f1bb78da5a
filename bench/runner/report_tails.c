/*
 * What a run tells of single cycles: the times that half of them, 99 of 100 and 999 of 1,000 did not exceed, that of
 * the longest, and how many there were.
 */
#include "report_tails.h"

#include <inttypes.h>
#include <stdio.h>

#include "report.h"

static void print_row(const char *title, const struct contestant *one) {
    printf("%-48s", title);
    report_cell(one, (double)one->tail.p50 / 1e3);
    report_cell(one, (double)one->tail.p99 / 1e3);
    report_cell(one, (double)one->tail.p999 / 1e3);
    report_cell(one, (double)one->tail.longest / 1e3);
    printf(" %9" PRIu64 "\n", one->tail.count);
}

void report_tails(const struct tails *tails) {
    char text[SIZE_TEXT];
    printf("\nMicroseconds that single cycles did not exceed, both processes on one core\n");
    for (size_t i = 0; i < tails->size_count; i++) {
        printf("\n%-48s %9s %9s %9s %9s %9s\n", cycles_size_text(tails->sizes[i], text), "p50", "p99", "p99.9",
               "longest", "cycles");
        for (unsigned peer = 0; peer < PEERS; peer++)
            print_row(cycles_title((enum peer_number)peer), &tails->results[i][peer]);
    }
}

static void write_line(FILE *file, const char *title, size_t size, const struct contestant *one) {
    const struct tail *tail = &one->tail;
    if (one->samples.count == 0) return;
    fprintf(file, "\"%s\",%zu,%.3f,%.3f,%.3f,%.3f,%" PRIu64 "\n", title, size, (double)tail->p50 / 1e3,
            (double)tail->p99 / 1e3, (double)tail->p999 / 1e3, (double)tail->longest / 1e3, tail->count);
}

int report_tails_file(const char *folder, const struct tails *tails) {
    FILE *file = report_open(folder, "bench-tails.csv");
    if (file == NULL) return 0;
    fprintf(file, "peer,bytes,p50,p99,p99.9,longest,cycles\n");
    for (size_t i = 0; i < tails->size_count; i++)
        for (unsigned peer = 0; peer < PEERS; peer++)
            write_line(file, cycles_title((enum peer_number)peer), tails->sizes[i], &tails->results[i][peer]);
    return fclose(file) == 0;
}
