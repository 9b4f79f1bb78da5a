/*
 * A child that is started with a pipe at its standard input: all that parent.c needs of the system.
 */
#ifndef EXAMPLES_SPAWN_H
#define EXAMPLES_SPAWN_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stdio.h>

struct spawned {
    shs_pid pid;
    FILE *input; /* its standard input; spawn_wait() closes it */
    void *system;
};

/* Start the program arguments[0] with these arguments, which end with NULL. False where it cannot be started. */
bool spawn(char **arguments, struct spawned *child);

/* Wait for its end: its exit code, -1 when it had none. */
int spawn_wait(struct spawned *child);

#endif
