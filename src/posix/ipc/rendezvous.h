/*
 * A rendezvous: where who waits for a process to attach is told that it has.
 *
 * Whoever waits has a datagram socket in a folder PID.wait beside the place of the endpoint, and sleeps until something
 * comes; a process that publishes itself looks for that folder, and writes to what is in it. What comes is a hint: who
 * is woken looks for the process as always, and believes nothing else. So nobody looks again and again, and nothing is
 * left when nobody waits.
 *
 * Opened by client/await.c, told by endpoint.c. A struct rendezvous owns its socket and its name.
 */
#ifndef SHSHARED_IPC_RENDEZVOUS_H
#define SHSHARED_IPC_RENDEZVOUS_H

#include "ipc/runtime_dir.h"

#define RENDEZVOUS_NAME 40

struct rendezvous {
    struct runtime_dir directory;
    char name[RENDEZVOUS_NAME]; /* PID.wait/WAITER.NUMBER */
    int socket;                 /* tracked; readable when somebody has told */
};

/* Be told when the process attaches, if it does so where this process would. False where that cannot be: then only
 * looking helps. */
bool shs__rendezvous_open(const struct runtime_place *place, uint32_t pid, uint32_t self, struct rendezvous *made);

/* Take what came: the next that comes is news. */
void shs__rendezvous_clear(const struct rendezvous *rendezvous);

void shs__rendezvous_close(struct rendezvous *rendezvous);

/* This process can be found there from now on: tell who waits for it. */
void shs__rendezvous_tell(const struct runtime_dir *directory, uint32_t pid);

/* Remove what waiters left that have ended, and all of a process that has, where name is that of their folder. */
void shs__rendezvous_sweep(int folder, const char *name);

#endif
