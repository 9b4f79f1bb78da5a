/*
 * A list of blocks as a shared-memory object: what answers WIRE_LIST, as a list may be long and a message is short.
 * Made by the server, read by the client. No state.
 */
#ifndef SHSHARED_IPC_LIST_OBJECT_H
#define SHSHARED_IPC_LIST_OBJECT_H

#include "status.h"

/* The caller closes fd. */
shs_status shs__list_object_make(const struct shs_block_info *blocks, size_t count, int *fd);

/* Read such an object that a peer sent, of so many entries; fd is taken over. */
shs_status shs__list_object_read(int fd, uint32_t entries, struct shs_block_info *blocks, size_t capacity);

#endif
