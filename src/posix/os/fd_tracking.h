/*
 * The descriptors that the library keeps open, so that a forked child can close its copies.
 *
 * A child must not hold its parent's listener, connections or memory open, and cannot walk the parent's lists: another
 * thread may have been changing one when the process forked. So every descriptor that stays open beyond a call is noted
 * in one table, without a lock, before a fork can happen (birth.h).
 *
 * Daemons close every descriptor that they did not open, and open files of their own under the same numbers. The table
 * knows the file behind each descriptor, by its inode; a poller, which has none of its own, is known by what it
 * watches. So none of those is ever taken for one of the library's. Whoever uses a number that was kept asks whether it
 * is still ours immediately before. What cannot be helped: an application that closes it, and opens something else
 * there, between the question and the use.
 *
 * What is to be closed and may be slow to close is set aside (discard.h), and stays noted until then. A descriptor that
 * came from elsewhere is known by what the system tells of its file unasked: an application that closes it and opens
 * the same file under its number could lose that, or anything where the system tells nothing.
 *
 * Used wherever a descriptor is kept. Owns the table; async-signal-safe.
 */
#ifndef SHSHARED_OS_FD_TRACKING_H
#define SHSHARED_OS_FD_TRACKING_H

#include <dirent.h>
#include <stdbool.h>

#include "status.h"

/*
 * Note a descriptor, in its birth; returns it, moved out of the way where its number belongs to a standard stream.
 * Negative numbers pass through.
 */
int shs__fd_track(int opened);

/* Open a poller (os/poller.h) that watches a tracked descriptor, without a tag, and is known by that. -1 with errno. */
int shs__fd_open_poller(int watched);

/* Have a poller watch a descriptor, without a tag, which is tracked and known by that. -1 with errno; then it is
 * closed. */
int shs__fd_track_watched(int opened, int poller);

/* End the watch and close it. -1 is ignored. */
void shs__fd_close_watched(int fd);

/* Is it still what it was when it was noted? */
bool shs__fd_is_ours(int fd);

/* Open a file, and note it. -1 with errno. */
int shs__fd_open(int folder, const char *path, int flags);

/* The same for a folder that is to be read. NULL with errno. */
DIR *shs__fd_open_folder(int folder, const char *path, int flags);
void shs__fd_close_folder(DIR *opened);

/* A second descriptor for a tracked one, for the caller to close. */
shs_status shs__fd_duplicate(int fd, int *copy);

/* Close a tracked descriptor. Negative numbers are ignored, and numbers that are somebody else's by now. */
void shs__fd_close(int fd);

/* Have a poller watch a descriptor no longer, where both are ours: either number may be the application's by now. */
void shs__fd_unwatch(int poller, int fd);

/* Set a descriptor aside, to be closed by whoever takes it. Nothing uses its number any more. One that came from
 * elsewhere is not tracked, and is set aside in its birth: nothing is asked of it. False where the number is too high.
 */
bool shs__fd_set_aside(int fd);
bool shs__fd_set_aside_foreign(int fd);

/* How many are set aside and not taken; take the lowest, -1 when there is none. */
int shs__fd_count_aside(void);
int shs__fd_take_aside(void);

/* Is one that was set aside still what it was? */
bool shs__fd_is_aside(int fd);

/* In a new process: close all that were tracked, but those that are set aside. */
void shs__fd_close_inherited(void);

#endif
