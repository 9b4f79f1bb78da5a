/*
 * How many blocks measure-halves hands over with one letter. The runner needs it to tell the application's own system
 * calls (each side sends once a batch) from the library's.
 */
#ifndef BENCH_HALVES_H
#define BENCH_HALVES_H

#define HALVES_BATCH 100
#define HALVES_SENDS 2

#endif
