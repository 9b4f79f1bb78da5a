/*
 * The second process of the transcript: the same program, started with one argument, at the other end of two streams.
 *
 * It is the only thing in the transcript that Windows and POSIX do differently: start_posix.c and start_win32.c.
 */
#ifndef SHSHARED_TESTS_START_H
#define SHSHARED_TESTS_START_H

#include <stdio.h>

struct started {
    FILE *to;   /* its standard input */
    FILE *from; /* its standard output */
    unsigned pid;
    void *handle; /* Windows' handle to it */
};

/* Start program with the argument. 0 on success. */
int start(const char *program, const char *argument, struct started *started);

/* Close the streams, at which it ends, and wait until it is gone. */
void end_started(struct started *started);

#endif
