/*
 * What givers leave behind: blocks of this process, whose givers have ended; and to have them moved.
 */
#ifndef TESTS_POSIX_LEFT_BEHIND_H
#define TESTS_POSIX_LEFT_BEHIND_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stdint.h>

#define LEFT_SIZE 100u

/* A block of a giver that has ended. Ends the test where there is none. */
shs_handle left_behind(uint32_t pattern);

/* Wait until the library has heard that its giver has ended. */
void await_left(shs_handle handle);

/* The same, and move what can be moved. */
void compact(shs_handle last);

bool is_moved(shs_handle handle);

/* Free a block of this process; after that its handle is none. */
void free_own(shs_handle handle);

#endif
