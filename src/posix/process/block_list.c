/*
 * What blocks live in this process. See list.h.
 *
 * A list may be long, and a frame is short: it goes to a peer as a memory object, in one answer.
 */
#include "process/block_list.h"

#include <stdlib.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/shm_object.h"
#include "process/context.h"

static void tell(const struct segment *segment, uint32_t slot, uint32_t word, struct shs_block_info *block) {
    *block = (struct shs_block_info){
        .size = segment_size(segment, slot),
        .handle = handle_make(segment->base + slot, slot_generation(word)),
        .giver = segment->giver,
        .writable = segment->writable,
    };
}

void block_list_own(struct context *context, struct shs_block_info *blocks, size_t capacity, size_t *count) {
    size_t found = 0;
    for (const struct segment *segment = context->registry.first; segment != NULL; segment = segment->next) {
        if (segment->role != SEGMENT_OWN && segment->role != SEGMENT_TAKEN) continue;
        for (uint32_t slot = 0; slot < segment->geometry.count; slot++) {
            const uint32_t word = atomic_load(&segment->words[slot]);
            if ((word & SLOT_LIVE) == 0) continue;
            if (found < capacity) tell(segment, slot, word, &blocks[found]);
            found++;
        }
    }
    *count = found;
}

/* All at once: a list may have hundreds of thousands of entries, and everybody waits for the lock meanwhile. */
static shs_status write_entries(int fd, const struct shs_block_info *blocks, size_t count) {
    struct wire_entry *entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL) return status_local(SHS_E_NO_MEMORY);
    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct wire_entry){ blocks[i].handle, blocks[i].giver, blocks[i].writable,
                                          (uint32_t)blocks[i].size, (uint32_t)(blocks[i].size >> 32) };
    }
    const shs_status status = shm_object_write(fd, 0, entries, count * sizeof *entries);
    free(entries);
    return status == SHS_OK ? shm_object_seal(fd) : status;
}

shs_status block_list_to_object(struct context *context, uint32_t *count, int *fd) {
    size_t capacity, found;
    block_list_own(context, NULL, 0, &capacity);
    struct shs_block_info *blocks = calloc(capacity + 1, sizeof *blocks);
    if (blocks == NULL) return status_local(SHS_E_NO_MEMORY);
    block_list_own(context, blocks, capacity, &found);
    if (found > capacity) found = capacity;
    int made;
    shs_status status = shm_object_create(page_round(found * sizeof(struct wire_entry) + 1), &made);
    if (status == SHS_OK) {
        status = write_entries(made, blocks, found);
        if (status == SHS_OK) {
            *fd = made;
            *count = (uint32_t)found;
        } else {
            fd_close(made);
        }
    }
    free(blocks);
    return status;
}

static void read_entry(const struct wire_entry *entry, struct shs_block_info *block) {
    *block = (struct shs_block_info){
        .size = (uint64_t)entry->size_high << 32 | entry->size_low,
        .handle = entry->handle,
        .giver = entry->giver,
        .writable = entry->writable != 0,
    };
}

shs_status block_list_from_object(int fd, uint32_t entries, struct shs_block_info *blocks, size_t capacity,
                                  size_t *count) {
    const uint64_t length = page_round((uint64_t)entries * sizeof(struct wire_entry) + 1);
    void *mapped = NULL;
    shs_status status = entries <= INDEX_COUNT ? shm_object_check(fd, length) : status_local(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = shm_object_map(fd, 0, length, false, &mapped);
    fd_close(fd);
    if (status != SHS_OK) return status;
    const struct wire_entry *list = mapped;
    for (size_t i = 0; i < entries && i < capacity; i++)
        read_entry(&list[i], &blocks[i]);
    *count = entries;
    shm_object_unmap(mapped, length);
    return SHS_OK;
}
