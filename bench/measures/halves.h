/*
 * How many blocks measure-halves hands over with one letter. The runner needs it to tell the application's own system
 * calls (four a batch: each side sends and receives) from the library's.
 */
#ifndef BENCH_HALVES_H
#define BENCH_HALVES_H

#define HALVES_BATCH 100
#define HALVES_CALLS 4

#endif
