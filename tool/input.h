/*
 * Where the bytes of a new block come from: a file, or what comes from standard input. They go right into the block
 * where their number is known before, and by way of a buffer where it is not.
 */
#ifndef SHSHARED_TOOL_INPUT_H
#define SHSHARED_TOOL_INPUT_H

#include <stdbool.h>

#include <shshared/shshared.h>

/* Is there a standard input? Where there is none, it is said. To be asked before the library is used, which takes care
 * that nothing else is opened in its place. */
bool input_is_open(void);

/* Make the block in owner; path "-" is standard input. On EXIT_FAILED what failed is said, and nothing is left behind;
 * a signal that ends the process is taken when all is given back. */
int input_give(const char *path, shs_pid owner, shs_handle *handle);

#endif
