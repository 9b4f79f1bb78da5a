/*
 * What a run tells of the shared memory that the two processes of a cycle have when the taker has read the block, at
 * most. Nobody can look into a process of Wine, so its peers, the last ones, are not here.
 */
#include "report_held.h"

#include <stdio.h>

#include "report.h"

#define LOOKED_AT WINE

void report_held(const struct tails *tails) {
    char text[SIZE_TEXT];
    printf("\nKiB of shared memory that both processes have at most\n\n%-48s", "");
    for (size_t i = 0; i < tails->size_count; i++)
        printf(" %9s", cycles_size_text(tails->sizes[i], text));
    printf("\n");
    for (unsigned peer = 0; peer < LOOKED_AT; peer++) {
        printf("%-48s", cycles_title((enum peer_number)peer));
        for (size_t i = 0; i < tails->size_count; i++)
            report_cell(&tails->results[i][peer], tails->results[i][peer].held / 1024);
        printf("\n");
    }
}

int report_held_file(const char *folder, const struct tails *tails) {
    FILE *file = report_open(folder, "bench-held.csv");
    if (file == NULL) return 0;
    fprintf(file, "peer,bytes,bytes held\n");
    for (unsigned peer = 0; peer < LOOKED_AT; peer++)
        for (size_t i = 0; i < tails->size_count; i++)
            if (tails->results[i][peer].samples.count != 0)
                fprintf(file, "\"%s\",%zu,%.0f\n", cycles_title((enum peer_number)peer), tails->sizes[i],
                        tails->results[i][peer].held);
    return fclose(file) == 0;
}
