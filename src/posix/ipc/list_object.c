/*
 * A list of blocks as a shared-memory object. See list_object.h.
 */
#include "ipc/list_object.h"

#include <stdlib.h>

#include "ipc/wire.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/pages.h"
#include "os/shm_object.h"

static void encode(const struct shs_block_info *block, struct wire_entry *entry) {
    *entry = (struct wire_entry){ block->handle, block->giver, block->writable, (uint32_t)block->size,
                                  (uint32_t)(block->size >> 32) };
}

static void decode(const struct wire_entry *entry, struct shs_block_info *block) {
    *block = (struct shs_block_info){
        .size = (uint64_t)entry->size_high << 32 | entry->size_low,
        .handle = entry->handle,
        .giver = entry->giver,
        .writable = entry->writable != 0,
    };
}

/* Bytes of an object with so many entries: never none. */
static uint64_t length_of(size_t count) { return page_round((uint64_t)count * sizeof(struct wire_entry) + 1); }

shs_status shs__list_object_make(const struct shs_block_info *blocks, size_t count, int *fd) {
    struct wire_entry *entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL) return status_local(SHS_E_NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        encode(&blocks[i], &entries[i]);
    const struct shm_contents contents = { length_of(count), entries, 0, count * sizeof *entries };
    const shs_status status = shs__shm_object_make(&contents, fd);
    free(entries);
    return status;
}

shs_status shs__list_object_read(int fd, uint32_t entries, struct shs_block_info *blocks, size_t capacity) {
    const uint64_t length = length_of(entries);
    void *mapped = NULL;
    shs_status status = entries <= WIRE_ENTRIES_MOST ? shs__shm_object_check(fd, length) : status_local(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = shs__shm_object_map(fd, 0, length, false, &mapped);
    shs__fd_close(fd);
    if (status != SHS_OK) return status;
    const struct wire_entry *list = mapped;
    for (size_t i = 0; i < entries && i < capacity; i++)
        decode(&list[i], &blocks[i]);
    shs__shm_object_unmap(mapped, length);
    return SHS_OK;
}
