/*
 * Systems and processors where a process cannot be stepped through any code. On some of them a step between the two
 * halves of an atomic instruction would make it fail for ever.
 */
#include "stepper.h"

bool stepper_offer(void) { return false; }

void stepper_mark(void) {}

long stepper_run(struct child *child, enum step step, long most) {
    (void)child, (void)step, (void)most;
    return -1;
}
