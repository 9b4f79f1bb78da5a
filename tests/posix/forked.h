/*
 * Bare forks: a body that runs in a forked child, and what the parent does meanwhile.
 *
 * The child and its parent share a socket pair over which they tell each other that they have come so far. The body
 * checks with EXPECT; its child stops the library and ends with _exit(), as it shares its parent's buffers.
 */
#ifndef TESTS_FORKED_H
#define TESTS_FORKED_H

#include <stdint.h>
#include <sys/types.h>

struct forked {
    pid_t pid;
    int channel; /* in either process: to the other one */
};

/* How a child is made. */
typedef pid_t (*forked_way)(void);

struct forked forked_start(forked_way way, void (*body)(int channel, void *context), void *context);

/* Take the child's end; its exit code, -1 when it was killed. */
int forked_wait(struct forked *child);

/* Start and wait. */
int forked_run(void (*body)(int channel, void *context), void *context);

/* One number to the other side; the number from the other side, 0 when that has ended. */
void forked_tell(int channel, uint32_t number);
uint32_t forked_hear(int channel);

#endif
