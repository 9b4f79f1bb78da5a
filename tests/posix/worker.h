/*
 * A process at work on blocks: it is given a list of things to do, does them in order, and tells how each ended.
 *
 * Blocks are labelled: the first bytes say which pattern the rest has and how long the block is, so that whoever finds
 * one can tell whether it is whole. A worker keeps the last view of each list for some lists more, whatever became of
 * its block.
 */
#ifndef TESTS_WORKER_H
#define TESTS_WORKER_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORK_MOST 64

enum deed { DEED_MAKE, DEED_LOOK, DEED_FREE, DEED_END /* stop the library, compare what is left, exit */ };

struct item {
    uint32_t deed;
    uint32_t handle;
    uint32_t pattern;
    uint32_t size;
    int32_t status; /* told back */
    uint32_t torn;  /* told back: the block, or the view that was kept, is not what it should be */
};

struct work {
    uint32_t owner;
    uint32_t count;
    struct item items[WORK_MOST];
};

/* What a labelled block says of itself; false when that is not so. */
struct label {
    uint32_t pattern, size;
};
bool label_holds(const void *view, size_t size, struct label *label);

int worker_role(char **arguments);

#endif
