/*
 * The board of the stress campaign: memory that all its processes share, in which they post the blocks that they made.
 *
 * A note is taken by one process at a time to be written or removed, and read by all at any time: who reads sees by the
 * note's version whether it was still there. A note that a killed process had taken is emptied by the campaign.
 */
#ifndef TESTS_STRESS_BOARD_H
#define TESTS_STRESS_BOARD_H

#include <shshared/shshared.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define WORKERS 5
#define NOTES 200
#define REPORTS 20
#define REPORT_SIZE 300

/* What is known of a block. Its bytes are the pattern of the seed. */
struct block {
    shs_handle handle;
    shs_pid owner;
    uint32_t seed;
    uint32_t size;
};

struct note {
    atomic_uint version; /* even: as it says; odd: taken */
    atomic_uint taker;   /* the pid that has taken it */
    atomic_bool full;
    atomic_uint block[4]; /* the members of struct block: whoever reads a note may meet one who writes it */
};

struct board {
    atomic_bool over;                 /* all shall end */
    atomic_uint_least64_t operations; /* done so far */
    atomic_uint_least64_t locks;      /* blocks that were seen and compared */
    atomic_uint pids[WORKERS];
    atomic_uint lives[WORKERS]; /* how often each began */
    atomic_uint epochs[WORKERS];
    struct note notes[NOTES];
    atomic_uint report_count;
    char reports[REPORTS][REPORT_SIZE];
};

struct board *board_new(void);

/* The same board, in a program that was executed anew: by the descriptor of its memory. */
struct board *board_open(int fd);
int board_descriptor(void);

/* Something went wrong. */
__attribute__((format(printf, 2, 3))) void board_report(struct board *board, const char *format, ...);

/* Post a block at this place; false when there is one already. */
bool board_post(struct board *board, uint32_t place, const struct block *block);

/* Read what is posted at a place, and whether it still is. */
bool board_read(struct board *board, uint32_t place, struct block *block, uint32_t *version);
bool board_is_still(struct board *board, uint32_t place, uint32_t version);

/* Remove what is posted there: of several, one succeeds. */
bool board_take(struct board *board, uint32_t place, struct block *block);

/* Give up what a dead process had taken. */
void board_forget(struct board *board, uint32_t pid);

#endif
