/*
 * The runner's questions to a program of several processes, answered by the one that conducts.
 */
#ifndef BENCH_QUESTIONS_H
#define BENCH_QUESTIONS_H

#include <stddef.h>
#include <stdint.h>

/* Until there are no more: "0 1" begins a tail anew, all else is for answer(), which writes what it has measured. */
void questions_answer(void (*answer)(size_t size, uint64_t count));

#endif
