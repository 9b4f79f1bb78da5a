/*
 * How much shared memory some processes hold together.
 */
#ifndef BENCH_HELD_H
#define BENCH_HELD_H

#include <stdint.h>

/*
 * Bytes of all shared memory that the processes have open or mapped, each page once. An unlinked object of which one of
 * them has a descriptor counts with the pages that the system has allocated for it (st_blocks), mapped or not. One that
 * is only mapped, or has a name still, counts with the sum of what smaps says of it in each process (Pss: a page that
 * is mapped by n processes is 1/n in each); that is exact while none of them maps or touches anything new.
 */
uint64_t held_bytes(const uint32_t *pids, unsigned count);

#endif
