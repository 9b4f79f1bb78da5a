/*
 * How long single blocks took: the times below which so many of them stay, and the longest of all.
 */
#ifndef BENCH_TAIL_H
#define BENCH_TAIL_H

#include <stdint.h>

/* Nanoseconds, the first three to a sixty-fourth of their value; 0 when there were none. */
struct tail {
    uint64_t p50;
    uint64_t p99;
    uint64_t p999;
    uint64_t longest;
    uint64_t count;
};

void tail_forget(void);
void tail_add(uint64_t nanoseconds);

struct tail tail_read(void);

#endif
