/*
 * An owner that answers nonsense: a role that publishes a real endpoint, as its identity is not in question, and
 * answers in one wrong way.
 */
#ifndef TESTS_IMPOSTOR_H
#define TESTS_IMPOSTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "posix/block/slot.h"

/* The block that it has: index 16, first generation. */
#define HANDLE ((1u << 20) | (16u << 2))

/* And one of the last numbers that there are. */
#define LAST_HANDLE ((1u << 20) | (262142u << 2))

/* Calls that may not succeed. */
enum {
    PROBE = 1,
    LOCK_ONE = 2,
    LOCK_LAST = 4,
    LOCK = LOCK_ONE | LOCK_LAST,
    ALLOC = 8,
    MAP_FROM = 16,
    MAP_TO = 32,
    LIST = 64,
    FREE = 128,
    ALL = 255
};

struct response;

struct way {
    const char *name;
    void (*spoil)(struct response *response);
    bool greets; /* HELLO is answered well */
    unsigned fails;
};

/* The first ways: an honest one, those that a system without seals does not see, and from there on the others. */
enum { HONEST, NOT_SEALED, NEVER_SEALED, WITHOUT_MEMORY, ANYWHERE };

extern const struct way impostor_ways[];
extern const size_t impostor_way_count;

/* Roles; their argument is the number of a way. Both send one byte when they can be reached. */
int impostor_role(char **arguments);

/* All is well, but it is a forked child that answers: its parent lives, and does nothing. */
int deputy_role(char **arguments);

/* A child of another user answers all but HELLO. */
int successor_role(char **arguments);

/* Refuses whoever connects, whatever it would be told: says that it has no descriptor left; hangs up; or says that it
 * had to make room. The argument tells which, and so how often. */
enum { REFUSES_ALL, HANGS_UP_ONCE, HANGS_UP_TWICE, IS_CROWDED };
int refuser_role(char **arguments);

#endif
