/*
 * A letter through a socket of SOCK_SEQPACKET, which keeps one letter one packet: one system call for each, and a
 * descriptor (SCM_RIGHTS) stays with the letter that it belongs to.
 */
#ifndef BENCH_CHANNEL_H
#define BENCH_CHANNEL_H

#include "peer.h"

/* Two ends of a new channel; either can send and receive. */
void channel_make(int ends[2]);

void channel_send(int channel, const struct letter *letter);

/* Returns 0 when nobody has the other end any more. */
int channel_receive(int channel, struct letter *letter);

#endif
