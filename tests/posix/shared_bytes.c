/*
 * How much memory a process shares. See shared_bytes.h.
 */
#include "shared_bytes.h"

#include <stdio.h>

#include "support/parallel.h"

#define WAIT_ROUNDS 20000

uint64_t shared_bytes(shs_pid pid) {
    char line[512];
    uint64_t sum = 0;
    snprintf(line, sizeof line, "/proc/%u/maps", (unsigned)pid);
    FILE *maps = fopen(line, "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long long first, end;
        char modes[5];
        if (sscanf(line, "%llx-%llx %4s", &first, &end, modes) == 3 && modes[1] == 'w' && modes[3] == 's')
            sum += end - first;
    }
    if (maps != NULL) fclose(maps);
    return sum;
}

bool shared_bytes_come_down(shs_pid pid, uint64_t most) {
    for (int round = 0; round < WAIT_ROUNDS; round++) {
        if (shared_bytes(pid) <= most) return true;
        parallel_pause();
    }
    fprintf(stderr, "%llu bytes are shared, %llu may be\n", (unsigned long long)shared_bytes(pid),
            (unsigned long long)most);
    return false;
}
