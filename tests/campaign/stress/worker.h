/*
 * A process of the stress campaign: threads that make, see and free blocks of each other's, again and again.
 */
#ifndef TESTS_STRESS_WORKER_H
#define TESTS_STRESS_WORKER_H

#include "board.h"

/* The life of worker number; returns when the board says that all is over, or when it is time for another life. */
void worker_live(struct board *board, uint32_t number, uint64_t seed);

#endif
