/*
 * What the four programs of this folder have in common: each prints its pid, and takes the blocks whose handles come on
 * standard input, one on a line. They differ in the event loop that tells when there is something to do.
 *
 * The library has no thread in them: it answers other processes when taker_serve() is called. An event loop watches two
 * descriptors for reading, level-triggered (as all four do unless they are told otherwise): the library's and standard
 * input.
 */
#ifndef EXAMPLES_LOOPS_TAKER_H
#define EXAMPLES_LOOPS_TAKER_H

#include <stdbool.h>

/* Start the library without a thread, and print this process's pid. The descriptor to watch, as long as the program
 * closes no descriptor that it did not open; -1 with a message. */
int taker_start(void);

/* Say that the loop does not watch standard input: epoll(7), by which some are made, watches no files, and /dev/null is
 * one. EXIT_FAILURE. */
int taker_unwatched(void);

/* The library's descriptor is readable: answer whoever asks. */
void taker_serve(void);

/* Standard input is readable: print the blocks that were named, and free them. False at its end. */
bool taker_read(void);

#endif
