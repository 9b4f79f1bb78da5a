/*
 * How this run goes: what the command line said, and how long things may take in its mode.
 */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include <stddef.h>

struct settings {
    int quick;
    int only_three;       /* relays alone: several processes, and blocks filled in place */
    int only_cycles;      /* the whole cycles of the peers alone */
    int core;             /* that both processes of a cycle share */
    const char *output;   /* folder for the tables */
    char directory[4096]; /* folder of the programs */
    size_t rounds;        /* samples of each contestant, at most */
    double seconds;       /* for one contest, roughly */
};

/* Returns 0 when the command line has no meaning. */
int settings_read(struct settings *settings, int argc, char **argv);

#endif
