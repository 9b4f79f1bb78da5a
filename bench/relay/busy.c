/*
 * Processor time of some processes: each has a clock that others may read.
 */
#include "busy.h"

#include <sys/types.h>
#include <time.h>

#include "support.h"

uint64_t busy_nanoseconds(const uint32_t *pids, unsigned count) {
    uint64_t all = 0;
    for (unsigned i = 0; i < count; i++) {
        clockid_t clock;
        struct timespec time;
        if (clock_getcpuclockid((pid_t)pids[i], &clock) != 0 || clock_gettime(clock, &time) != 0) fail("clock_gettime");
        all += (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
    }
    return all;
}
