/*
 * The process that is killed: it makes one call of the library between two marks, and stands at the second.
 *
 * What the call is, and what is done before it, is named by the role's argument. The director tells it with which block
 * and whose; where that is none yet, the victim makes one and says which.
 */
#ifndef TESTS_VICTIM_H
#define TESTS_VICTIM_H

#include <stdint.h>

/* What blocks hold: the one that is there before, and the one that the call makes. */
#define PATTERN_BEFORE 1u
#define PATTERN_MADE 2u

/* Told by the director, and told back with what the victim made of it before its first mark. */
struct victim_task {
    uint32_t owner;
    uint32_t handle;  /* 0: make one, unless the call comes before everything else */
    uint32_t to;      /* for map_handle */
    uint32_t stepped; /* told back: this machine has a stepper */
    uint64_t size;
};

int victim_role(char **arguments);

#endif
