/*
 * Stopping a child after an exact number of instructions or system calls inside one call of the library.
 *
 * The child lets itself be traced and marks the begin and the end of the call; the parent, which started it, lets it
 * go from the begin by single steps. What it does with a child that stands still in the middle is its own affair: the
 * tests of kills kill it there. Other threads of the child run freely. stepper_SYSTEM.c implements it.
 */
#ifndef TESTS_STEPPER_H
#define TESTS_STEPPER_H

#include <stdbool.h>

#include "support/child.h"

enum step { STEP_INSTRUCTION, STEP_SYSTEM_CALL /* before it, and after it */ };

/* In the child, by the thread that makes the call. False where this cannot be done. */
bool stepper_offer(void);
void stepper_mark(void);

/*
 * Wait for the child's first mark, then take at most so many steps. The result is how many were taken, less than most
 * when the second mark was reached; negative when the child ended instead.
 */
long stepper_run(struct child *child, enum step step, long most);

#endif
