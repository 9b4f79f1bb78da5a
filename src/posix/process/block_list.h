/*
 * What blocks live in this process: the answer to shs_list().
 */
#ifndef SHSHARED_PROCESS_BLOCK_LIST_H
#define SHSHARED_PROCESS_BLOCK_LIST_H

#include "backend.h"

struct context;

/* This process's blocks, into an array; count tells how many there are. Under the world's lock. */
void block_list_own(struct context *context, struct shs_block_info *blocks, size_t capacity, size_t *count);

/* The same as an object of struct wire_entry, for a peer that asks. */
shs_status block_list_to_object(struct context *context, uint32_t *count, int *fd);

/* Read such an object that a peer sent; fd is taken over. */
shs_status block_list_from_object(int fd, uint32_t entries, struct shs_block_info *blocks, size_t capacity,
                                  size_t *count);

#endif
