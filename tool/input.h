/*
 * Where the bytes of a new block come from: a file, or what comes from standard input. They go right into the block
 * where their number is known before, and by way of a buffer where it is not.
 */
#ifndef SHSHARED_TOOL_INPUT_H
#define SHSHARED_TOOL_INPUT_H

#include <shshared/shshared.h>

#define INPUT_OWN 0u /* in place of an owner: this process, which is asked for its pid when the input was looked at */

/* Make the block in owner; path "-" is standard input. Nothing is made where others cannot reach it. On EXIT_FAILED
 * what failed is said, and nothing is left behind; a signal that ends the process is taken when all is given back. */
int input_give(const char *path, shs_pid owner, shs_handle *handle);

#endif
