/*
 * What every kernel does that calls itself Linux, or POSIX, and one that was written anew may not: asked of it by doing
 * it. Where the answer is no the test is skipped, which these say.
 */
#ifndef TESTS_POSIX_KERNEL_H
#define TESTS_POSIX_KERNEL_H

#include <stdbool.h>

#include "support/suite.h"

static inline bool or_skip(bool answer, const char *reason) {
    if (!answer) skip(reason);
    return answer;
}

/* A folder is not opened through a symbolic link, when it is asked not to be. */
bool kernel_refuses_links(void);

/* Who reads a folder whose last access lies ahead leaves that time as it is. */
bool kernel_leaves_times_ahead(void);

/* Who sends to a name at which nobody listens any more is told so. */
bool kernel_tells_of_dead_names(void);

/* Who comes while there is no descriptor waits until there is one. */
bool kernel_keeps_arrivals(void);

/* So many small messages are more than a connection has room for, when nobody takes them. */
bool kernel_fills_connections(unsigned messages);

/* A small message goes into a connection that is nearly full whole, or not at all. */
bool kernel_sends_whole(void);

/* An object can be as large as the limit of files' sizes, and it is told at which signal a process that is traced
 * stands; elsewhere than on Linux nobody is asked. */
bool kernel_lets_fill_a_limit(void);
bool kernel_tells_stops(void);

/* Linux: a memory object can be sealed against being written; tells whether memory was reserved for it. */
bool kernel_keeps_shown(void);
bool kernel_tells_what_is_reserved(void);

/* Linux: a user whom a user namespace does not know has no processes there; /proc tells of the signals of a thread. */
bool kernel_tells_unknown_users(void);
bool kernel_tells_signals(void);

/* Linux: a system call can be denied with the death of the whole process; a descriptor for signals is set anew. */
bool kernel_denies_with_death(void);
bool kernel_sets_signals_anew(void);

#endif
