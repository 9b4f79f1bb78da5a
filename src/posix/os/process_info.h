/*
 * What can be told of a process by its pid, and of this one: whether it lives, whose it is, in which pid namespace.
 *
 * Asked when a process cannot be reached through its endpoint, to name the reason, and when names are swept. One file
 * for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_PROCESS_INFO_H
#define SHSHARED_OS_PROCESS_INFO_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct process_info {
    bool lives;     /* a zombie does not */
    bool user_told; /* user is known */
    uint32_t user;  /* its effective user id */
    bool is_others; /* user is not known, but it is another one than this process's */
};

struct process_info shs__process_info_get(uint32_t pid);

/* Is there no process of this pid, not even a zombie? The cheapest question, for a sweep that asks it of thousands. */
static inline bool process_info_is_gone(uint32_t pid) { return kill((pid_t)pid, 0) != 0 && errno == ESRCH; }

/* A descriptor that is readable when the process has ended; to be opened in a birth. -1 where there is none such. */
int shs__process_info_open_end(uint32_t pid);

/* Did the process begin within this time? False where nobody can tell. */
bool shs__process_info_is_younger(uint32_t pid, uint32_t milliseconds);

/* The users of this process. Where the system does not tell the saved one, it is the effective one. */
struct process_users {
    uint32_t real, effective, saved;
    bool is_mapped; /* the user namespace knows the effective one and its group; otherwise they stand for anybody */
};

struct process_users shs__process_info_users(void);

/* Has this process ended, and is that proved? A zombie has; where a new process has the pid, or nobody can tell: false.
 */
bool shs__process_info_has_ended(uint32_t pid);

/* Names the pid namespace that pids of this process are numbers of; 0 where there is but one, or none to see. False
 * with errno when it could not be looked at this time: who took 0 for it would be found by nobody. */
bool shs__process_info_namespace(uint64_t *number);

/* A variable of the environment, unless the program runs with rights that its caller lacks (setuid). Not for a thread
 * of the library's own: the program may change its environment meanwhile. */
const char *shs__process_info_environment(const char *name);

/* Does this process hold a descriptor for the file that path names? A second copy of the library is noticed by it. */
bool shs__process_info_has_open(const char *path);

#endif
