/*
 * The birth of descriptors: from the system call that opens one until it is noted (fd_tracking.h).
 *
 * One thread at a time is in a birth, and no fork happens meanwhile: a child would have a descriptor of which it does
 * not know. No signal is handled in a birth either, as its handler may fork. A child that is made without fork
 * handlers, by vfork() or clone(), is not waited for: exec closes what it has too much.
 *
 * None is born with the number of a standard stream that is closed: what the program writes there would go to the
 * library's files. Such a number is taken first, for good, by a descriptor that can neither be read nor written: to
 * give it back could only close what the program has put there by then.
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

/* Begin, where nothing is opened but what is noted must change between forks: no stream is looked at. */
void shs__birth_hold(void);

/* Before a fork: wait for the birth that is under way, and begin none. After it, in either process: go on. */
void shs__birth_stop(void);
void shs__birth_go_on(void);

/* In a new process in which no fork handler ran: whoever was in a birth is not here. */
void shs__birth_anew(void);

#endif
