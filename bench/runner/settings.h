/*
 * How this run goes: what the command line said, and how long things may take in its mode.
 */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include <stddef.h>

enum part {
    EVERYTHING,
    THREE,  /* relays: several processes, and blocks filled in place */
    CROWDS, /* many givers to one owner */
    CYCLES, /* the whole cycles of the peers */
    TAILS   /* the same, one by one */
};

struct settings {
    int quick;
    enum part only;
    int core;             /* that both processes of a cycle share */
    const char *output;   /* folder for the tables */
    char directory[4096]; /* folder of the programs */
    size_t rounds;        /* samples of each contestant, at most */
    double seconds;       /* for one contest, roughly */
};

/* Returns 0 when the command line has no meaning. */
int settings_read(struct settings *settings, int argc, char **argv);

/* Whether this part is to be measured; EVERYTHING is what only a run of all parts does. */
int settings_want(const struct settings *settings, enum part part);

#endif
