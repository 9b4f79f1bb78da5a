/*
 * Second processes of a test program: started, talked to by messages of fixed size, ended.
 *
 * The child is the same program with "--role NAME ARGUMENTS"; no test depends on another file. Messages travel over one
 * channel that also tells either side when the other ends. A child that reads the end of its channel ends itself, so
 * that nothing outlives its test. child_posix.c and child_win32.c implement it; no type of a system appears here.
 */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a child ended that gave no exit code of its own. */
#define CHILD_KILLED (-1)

/* The exit code of a child that touched memory it must not, after child_expects_fault(). */
#define CHILD_FAULTED 99

struct child;

/* Called first by main(): what to start again. */
void children_initialize(const char *program);

/* arguments end with NULL; NULL for none. The result is NULL when the system starts no process. */
struct child *child_start(const char *role, const char *const *arguments);

shs_pid child_pid(const struct child *child);

/* Whole messages; false when the child has ended. */
bool child_send(struct child *child, const void *message, size_t size);
bool child_receive(struct child *child, void *message, size_t size);

/* Take the child's end: its exit code, or CHILD_KILLED. The child is forgotten; its pid names no process from here. */
int child_wait(struct child *child);

/* End the child at once, in whatever it does, without taking its end: on POSIX it stays a zombie until child_wait(). */
void child_kill(struct child *child);

/* Wait until the child has ended, without taking its end. */
void child_watch_end(struct child *child);

/* Hold all threads of the child, and let them go. Not every system has such a service. */
bool children_can_pause(void);
bool child_pause(struct child *child);
bool child_resume(struct child *child);

/* Kill and take all that a test left; how many there were. */
size_t children_sweep(void);

/*
 * Did a child with this pid end otherwise than with exit code 0, since the last children_forget_killed()? It may have
 * left things for others to sweep.
 */
bool child_was_killed(shs_pid pid);
void children_forget_killed(void);

/* In a forked child of the test program: the children are the parent's. */
void children_abandon(void);

/* For the watchdog: kill all, from wherever it runs. */
void children_kill_all(void);

/* In the child: the parent's messages; false when the parent has gone. */
bool parent_send(const void *message, size_t size);
bool parent_receive(void *message, size_t size);

/*
 * In the child: wait until the parent has sent something (true) or descriptor, when it is not -1, becomes readable
 * (false).
 */
bool parent_wait(int descriptor);

/* In the child: from here on, a memory fault ends it with CHILD_FAULTED and prints nothing. */
void child_expects_fault(void);

/* In the child: become another user for good, who is in one more group. Only root can, and only where there are such
 * users. */
bool child_become(uint32_t user, uint32_t group);

/* In the child: end at once, without any exit handler, as a crash would. Does not return. */
void child_crash(void);

#ifdef __cplusplus
}
#endif

#endif
