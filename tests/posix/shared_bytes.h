/*
 * How much memory a process shares with others, as the system tells it.
 */
#ifndef TESTS_SHARED_BYTES_H
#define TESTS_SHARED_BYTES_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes of shared mappings of a process: those for writing, as those for reading show the same bytes once more. */
uint64_t shared_bytes(shs_pid pid);

/* Do they come down to so many? Waits a bounded time, as another process has to hear of it first. */
bool shared_bytes_come_down(shs_pid pid, uint64_t most);

#endif
