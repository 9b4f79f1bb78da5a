/*
 * Closing descriptors that may be slow to close.
 *
 * Whoever can send a message can send any descriptor with it. To close one asks its file system, which may be a process
 * of the sender's and never answer; or it waits until a socket has sent what it holds, as long as the sender said. The
 * same happens when a socket is closed in which such a message lies that nobody has received. So these are closed in
 * threads of their own. There are few of them; what they do not come to waits, and is bounded by what asks whether
 * there is room. The process still ends only when a file system has answered, or is gone.
 *
 * Used by fdpass.c; attach.c is told. Owns the threads; what waits is noted in fd_tracking.c.
 */
#ifndef SHSHARED_OS_DISCARD_H
#define SHSHARED_OS_DISCARD_H

#include <stdbool.h>

/* May more be let in that can be slow? */
bool shs__discard_has_room(void);

/* Close a tracked descriptor soon. It stays tracked until then. */
void shs__discard(int fd);

/* Note a descriptor that came from elsewhere, in its birth, to be closed; shs__discard_begin() comes after the birth.
 */
void shs__discard_foreign(int fd);

/* See that what waits is closed. A thread may be made for it. */
void shs__discard_begin(void);

/* What to call, in whatever thread, when one was closed: a record lock may have gone with it. */
void shs__discard_tell(void (*closed)(void));

/* In a new process: its parent's threads are not here. What waited there waits here, too, until the library begins. */
void shs__discard_anew(void);

#endif
