/*
 * The entries of a process in the runtime directory: the socket PID, the lock file PID.lock, and PID.new, which the
 * socket is called until it listens.
 *
 * Used by endpoint.c for its own, and by sweep.c and rendezvous.c for those of the dead.
 */
#ifndef SHSHARED_IPC_ENTRY_H
#define SHSHARED_IPC_ENTRY_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>

#define ENTRY_NAME 20 /* room for a name */

/* To open a lock file with: without waiting for anybody who has a lease on it. */
#define LOCK_FILE_FLAGS (O_RDWR | O_NOFOLLOW | O_NONBLOCK)

/* The endings: "", ".new", ".lock". */
void shs__entry_name(char name[ENTRY_NAME], uint32_t pid, const char *ending);

/* The pid with which a name begins, and what follows it; 0 where it begins with none. */
uint32_t shs__entry_pid(const char *name, char **rest);

/* Is the open file still the one of that name? A sweeper may have removed it between open and lock. */
bool shs__entry_is_named(int fd, int folder, const char *name);

void shs__entry_remove_all(int folder, uint32_t pid);

/* The same, unless a process holds its lock. */
void shs__entry_remove_dead(int folder, uint32_t pid);

#endif
