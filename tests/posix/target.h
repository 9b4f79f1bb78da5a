/*
 * The owner that intruders try: an actor with one block, which must serve everybody else after each attack, and own at
 * its end what it owned at its start.
 */
#ifndef TESTS_POSIX_TARGET_H
#define TESTS_POSIX_TARGET_H

#include "support/child.h"

#define TARGET_TIMEOUT_MS 200 /* so long an intruder that keeps silent is put up with */
#define TARGET_SIZE 5000

extern struct child *owner;
extern shs_handle treasure;

void owner_start(void);
void owner_still_serves(void);
void owner_end(void);

#endif
