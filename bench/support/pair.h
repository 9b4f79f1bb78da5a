/*
 * Two processes and the channel between them on which the application's letters travel.
 *
 * pair_posix.c makes the second process by fork() and the channel by socketpair(); pair_win32.c starts the program
 * again and makes two pipes. CMake picks one.
 */
#ifndef BENCH_PAIR_H
#define BENCH_PAIR_H

#include "peer.h"

/* Become two: returns in both, with the role of each and the pid of the other. */
enum role pair_split(uint32_t *other);

/* Instead: letters go through this end of a channel from now on. Not on Windows. */
void pair_join(int end);

void pair_send(const struct letter *letter);

/* Returns 0 when the other process has ended. */
int pair_receive(struct letter *letter);

/* Bytes of shared memory that both have; 0 on Windows, which does not tell. */
uint64_t pair_held(void);

#endif
