/*
 * The descriptors that the library keeps open, so that a forked child can close its copies.
 *
 * A child must not hold its parent's listener, connections or memory open, and cannot walk the parent's lists: another
 * thread may have been changing one when the process forked. So every descriptor that stays open beyond a call is noted
 * in one table of bits, without a lock. A descriptor that is opened or closed at the instant of a fork may leak into
 * the child, where exec closes it; none is ever closed that is not the library's.
 */
#ifndef SHSHARED_POSIX_DESCRIPTORS_H
#define SHSHARED_POSIX_DESCRIPTORS_H

#include <stdbool.h>

/* Make a descriptor non-blocking, and closed on exec. False with errno. */
bool descriptor_prepare(int fd);

/*
 * Note a descriptor that will be kept; returns it, moved out of the way where its number belongs to a standard stream.
 * Negative numbers pass through.
 */
int descriptor_keep(int opened);

/* Close a descriptor, kept or not. Negative numbers are ignored. */
void descriptor_close(int fd);

/* In a new process: close all that were kept. Async-signal-safe. */
void descriptors_abandon(void);

#endif
