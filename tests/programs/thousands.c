/*
 * thousands [COUNT]: so many processes that take blocks (200 where nothing is said), and one that gives to each of them
 * twice. It may keep connections with few of them at a time, and nothing is lost by that. scripts/thousands.sh runs it
 * with 10,000. Tells what a start took, alone and beside them all.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

#define ROUNDS 2
#define STARTS 101
#define SECONDS 120
#define DESCRIPTORS_OF_FEW 128 /* a small crowd is more than such a process may be connected with */

struct owner {
    pid_t pid;
    shs_handle given[ROUNDS];
};

static struct owner *owners; /* shared by all */
static unsigned count = 200;
static unsigned place; /* of this process, among the owners */
static struct channel ready;
static double *started; /* shared, too: microseconds */
static unsigned measured;
static int gate[2]; /* whose end lets the owners look at what they have */

static void *share(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(memory != MAP_FAILED);
    return memory;
}

static double now(void) {
    struct timespec time;
    MUST(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* ---- the start ---- */

static void measure_start(void) {
    const double began = now();
    program_start();
    started[measured] = now() - began;
    shs_stop();
}

static int compare(const void *one, const void *other) {
    const double first = *(const double *)one, second = *(const double *)other;
    return (first > second) - (first < second);
}

static double median_start(void) {
    for (measured = 0; measured < STARTS; measured++)
        join(spawn(measure_start));
    qsort(started, STARTS, sizeof *started, compare);
    return started[STARTS / 2];
}

/* ---- the owners ---- */

static void check(shs_handle handle, unsigned round) {
    void *view = NULL;
    size_t size = 0;
    unsigned said[2];
    MUST_OK(shs_lock(handle, shs_self(), SHS_READ, &view, &size));
    MUST(size == sizeof said);
    memcpy(said, view, sizeof said);
    MUST(said[0] == place && said[1] == round);
    MUST_OK(shs_unlock(view));
    MUST_OK(shs_free(handle, shs_self()));
}

static void own(void) {
    char byte;
    (void)close(gate[1]);
    program_start();
    post(&ready, (struct parcel){ 0 });
    MUST(read(gate[0], &byte, 1) == 0);
    for (unsigned round = 0; round < ROUNDS; round++)
        check(owners[place].given[round], round);
    shs_stop();
}

/* One after the other: that a machine is busy with thousands of starts at once is not the question. */
static void start_owner(void) {
    struct parcel ignored;
    owners[place].pid = spawn(own);
    MUST(fetch(&ready, &ignored));
}

/* ---- the giver ---- */

static unsigned descriptors(rlim_t limit) {
    unsigned open = 0;
    for (int fd = 0; (rlim_t)fd < limit; fd++)
        if (fcntl(fd, F_GETFD) >= 0) open++;
    return open;
}

static void give(void) {
    struct rlimit limit;
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    if (count < 1000) limit.rlim_cur = DESCRIPTORS_OF_FEW;
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    program_start();
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < count; i++) {
            const unsigned said[2] = { i, round };
            MUST_OK(shs_alloc(said, sizeof said, (shs_pid)owners[i].pid, &owners[i].given[round]));
        }
    }
    MUST(descriptors(limit.rlim_cur) <= limit.rlim_cur / 2);
    shs_stop();
}

int main(int argc, char **argv) {
    if (argc > 1) count = (unsigned)strtoul(argv[1], NULL, 10);
    MUST(count > 0);
    program_begin();
    (void)alarm(SECONDS + count / 10);
    owners = share(count * sizeof *owners);
    started = share(STARTS * sizeof *started);
    ready = channel_new();
    MUST(pipe(gate) == 0);
    const double alone = median_start();
    for (place = 0; place < count; place++)
        start_owner();
    const double beside = median_start();
    join(spawn(give));
    (void)close(gate[1]);
    for (unsigned i = 0; i < count; i++)
        join(owners[i].pid);
    printf("a start, median: %.0f us alone, %.0f us beside %u (%.2f times)\n", alone, beside, count, beside / alone);
    return 0;
}
