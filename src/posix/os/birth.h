/*
 * The birth of descriptors: from the system call that opens one until it is noted (fd_tracking.h).
 *
 * One thread at a time is in a birth, and no fork happens meanwhile: a child would have a descriptor of which it does
 * not know. Nor is one born with the number of a standard stream that is closed: what the program writes there would go
 * to the library's files; for that moment such a number is taken by a descriptor that can neither be read nor written.
 * A child that is made without fork handlers, by vfork() or clone(), is not waited for: exec closes what it has too
 * much.
 *
 * Whatever opens descriptors calls it, and nothing in a birth may wait or call the program. Owns the lock, which is the
 * last of all: no other one is taken under it. The fork handlers are called by state/context.c.
 */
#ifndef SHSHARED_OS_BIRTH_H
#define SHSHARED_OS_BIRTH_H

/* Begin and end; in the same thread, one in another where need be. errno stays, and no thread is cancelled meanwhile.
 */
void shs__birth_begin(void);
void shs__birth_end(void);

/* Before a fork: wait for the birth that is under way, and begin none. After it, in either process: go on. */
void shs__birth_stop(void);
void shs__birth_go_on(void);

#endif
