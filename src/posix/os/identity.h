/*
 * Whose this process is: the user that it was when it attached.
 *
 * A daemon or a set-user-ID program may take another effective user for a moment, and come back. What it is to other
 * processes must not follow: it would let the other user in for good. So the user is taken once, by attach.c, while
 * nothing is left to come back to; publishing, welcoming and searching go by it, and every message says it. A process
 * that gave its user up for good is noticed by the server, or by the next call.
 *
 * The one place where the process asks the system for its own user. Owns the user that was taken.
 */
#ifndef SHSHARED_OS_IDENTITY_H
#define SHSHARED_OS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

enum identity {
    IDENTITY_KEPT,
    IDENTITY_LEFT, /* another effective user, but the process can come back; or one whom its user namespace does not
                      know */
    IDENTITY_LOST  /* it cannot */
};

/* Take the effective user from now on. False where the real or the saved one is another: it is not settled yet whose
 * this process is. And false, and none is taken, where it is one whom the user namespace does not know: all such users
 * look alike here. */
bool shs__identity_take(void);

/* The user that was taken; before that, the effective one. */
uint32_t shs__identity_user(void);

enum identity shs__identity_now(void);

#endif
