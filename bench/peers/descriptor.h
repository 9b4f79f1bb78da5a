/*
 * The half that peers with one memory object per block share: the taker maps the descriptor that came with the letter,
 * reads, unmaps and closes; the giver closes its own when the answer is there.
 */
#ifndef BENCH_DESCRIPTOR_H
#define BENCH_DESCRIPTOR_H

#include "peer.h"

uint64_t take_descriptor(const struct letter *letter);
void close_descriptor(const struct letter *letter);

#endif
