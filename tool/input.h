/*
 * Where the bytes of a new block come from: a file, or what comes from standard input. They go right into the block
 * where their number is known before, and by way of a buffer where it is not.
 */
#ifndef SHSHARED_TOOL_INPUT_H
#define SHSHARED_TOOL_INPUT_H

#include <shshared/shshared.h>

/* Make the block in owner; path "-" is standard input. On EXIT_FAILED what failed is said, and nothing is left behind;
 * a signal that ends the process is taken when all is given back. */
int input_give(const char *path, shs_pid owner, shs_handle *handle);

#endif
