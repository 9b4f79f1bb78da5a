/*
 * What blocks live in this process: for shs_list(), and for peers that ask. No state; takes no lock.
 */
#ifndef SHSHARED_STATE_BLOCK_LIST_H
#define SHSHARED_STATE_BLOCK_LIST_H

#include "state/thread.h"
#include "status.h"

/* Fill up to capacity entries; how many blocks there are. Not inside the reader. */
size_t shs__block_list_fill(struct thread *thread, struct shs_block_info *blocks, size_t capacity);

#endif
