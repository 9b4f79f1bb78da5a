/*
 * What blocks live in this process: the answer to shs_list().
 */
#ifndef SHSHARED_POSIX_LIST_H
#define SHSHARED_POSIX_LIST_H

#include "backend.h"

struct world;

/* This process's blocks, into an array; count tells how many there are. Under the world's lock. */
void list_own(struct world *world, struct shs_block_info *blocks, size_t capacity, size_t *count);

/* The same as an object of struct wire_entry, for a peer that asks. */
shs_status list_to_object(struct world *world, uint32_t *count, int *fd);

/* Read such an object that a peer sent; fd is taken over. */
shs_status list_from_object(int fd, uint32_t entries, struct shs_block_info *blocks, size_t capacity, size_t *count);

#endif
