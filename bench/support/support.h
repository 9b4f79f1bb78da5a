/*
 * Small things that every program of the benchmark needs: to end with a reason, to tell the time, to fill and read
 * memory, and to answer the runner.
 */
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Say what failed, with errno's text where there is one, and end the process. The other one sees the end of file and
 * ends too. */
#ifdef __cplusplus
[[noreturn]] void fail(const char *what);
#else
_Noreturn void fail(const char *what);
#endif

/* Say why this system cannot run the program at all, and end it; the runner shows a gap, as where it was not built. */
#define LEFT_OUT 77 /* its exit status */
#ifdef __cplusplus
[[noreturn]] void leave_out(const char *why);
#else
_Noreturn void leave_out(const char *why);
#endif

/* Nanoseconds of a clock that only goes forward. */
uint64_t clock_now(void);

/* Memory of a process's own, every page of it written. */
void *filled_memory(size_t size);

/* The sum of the words of data: what a reader that needs every byte does. size is a multiple of 8. */
uint64_t sum_words(const void *data, size_t size);

/* Unless it is NULL, sum_words() calls it last: a taker that has read still has the block, and all of its pages. */
extern void (*after_reading)(void);

/* The positive number that text holds; ends the program when it is none. */
uint64_t parse_number(const char *text);

/* Do count operations on blocks of size bytes; return the nanoseconds that they took. */
typedef uint64_t measure(size_t size, uint64_t count);

/* The runner asks on standard input, "SIZE COUNT" a line. Returns 0 when it has closed it. */
int next_question(size_t *size, uint64_t *count);

/* Answer each question with a line of nanoseconds until the runner closes. The return value is main()'s. */
int answer_runner(measure *measured);

#ifdef __cplusplus
}
#endif

#endif
